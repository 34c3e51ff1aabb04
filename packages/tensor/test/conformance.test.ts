import {
  type ApplyOptions,
  assertDtype,
  assertEncoding,
  assertShape,
  createParameters,
  type Dimensions,
  disposeParameters,
  dropout,
  type Encoding,
  linear,
  linearSpecs,
  type Module,
  normalInitializer,
  presence,
} from '@mafjs/tensor'
import {
  type ConformanceSubject,
  checkConformance,
  encodingInput,
  type Finding,
  tensorInput,
} from '@mafjs/tensor/testing'
import '@tensorflow/tfjs-backend-cpu'
import type { Scalar, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'

type Fault =
  | 'mask ignored'
  | 'leaked tensor'
  | 'leaked parameter'
  | 'borrowed output'
  | 'global randomness'
  | 'global first values'
  | 'seed ignored'
  | 'detached gradient'
  | 'detached input'
  | 'wrong gradient'
  | 'wrong dtype'
  | 'wrong output dtype'
  | 'order-dependent result'
  | 'config that does not rebuild'
  | 'config that is no JSON'
  | 'silent broadcast'
  | 'error without a name'
  | 'unsafe for an absent modality'
  | 'examples that see each other'

interface TinyOptions {
  hidden: number
  scale: number
  seed: number
}

interface TinyInputs {
  text: Encoding
  shift: Tensor2D
}

const meanOf = (states: Tensor3D, mask: Tensor2D, safe: boolean): Tensor2D => {
  const sum = tf.sum(tf.mul(states, tf.expandDims(mask, 2)), 1)
  const count = tf.sum(mask, 1, true)
  return tf.div(sum, safe ? tf.maximum(count, 1) : count) as Tensor2D
}

/** The same numbers forward, with a gradient that is half of what it should be. */
const halfGradient = <T extends tf.Tensor>(x: T): T =>
  tf.customGrad((...inputs) => ({
    value: tf.clone(inputs[0] as T),
    gradFunc: (dy: tf.Tensor) => tf.mul(dy, 0.5),
  }))(x) as T

/** A sound module in a few lines, or the same with one fault planted. */
const tiny =
  (fault?: Fault) =>
  ({ hidden, scale, seed }: TinyOptions): Module<TinyInputs, object, object> => {
    const initializer =
      fault === 'global first values' ? normalInitializer(Math.random()) : normalInitializer()
    const parameters = createParameters(linearSpecs('dense', hidden, hidden, initializer), seed)
    const stray = fault === 'leaked parameter' ? [tf.scalar(1)] : []
    let calls = 0
    const states = (
      { text, shift }: TinyInputs,
      { training = false, ...options }: ApplyOptions,
    ): Tensor3D => {
      const weight = parameters['dense.weight']
      const detached = fault === 'detached gradient' ? tf.tensor2d(weight.dataSync(), weight.shape) : weight
      const source =
        fault === 'detached input' ? tf.tensor3d(text.states.dataSync(), text.states.shape) : text.states
      const dense = linear(source, detached, parameters['dense.bias'])
      const shifted = tf.tanh(tf.add(dense, tf.expandDims(shift, 1))) as Tensor3D
      const site = { training, ...options, ...(fault === 'seed ignored' ? { seed: 0, step: 0 } : {}) }
      const dropped =
        fault === 'global randomness' && training
          ? (tf.dropout(shifted, 0.5) as Tensor3D)
          : dropout(shifted, 0.5, 'tiny', site)
      return tf.mul(fault === 'wrong gradient' ? halfGradient(dropped) : dropped, scale) as Tensor3D
    }
    const check = ({ text, shift }: TinyInputs): void => {
      const sizes: Dimensions = {}
      if (fault === 'wrong dtype') {
        assertShape('text.states', text?.states, ['batch', 'tokens', hidden], sizes)
        assertShape('text.summary', text.summary, ['batch', hidden], sizes)
        assertShape('text.mask', text.mask, ['batch', 'tokens'], sizes)
      } else assertEncoding('text', text, 'tokens', hidden, sizes)
      if (fault === 'error without a name' && shift?.rank !== 2) throw new Error('shapes must match')
      const isBroadcast = fault === 'silent broadcast' && shift?.shape[0] === 1
      assertShape('shift', shift, [isBroadcast ? 1 : 'batch', hidden], sizes)
      if (fault !== 'wrong dtype') assertDtype('shift', shift, 'float32')
    }
    return {
      config: {
        hidden,
        seed,
        ...(fault === 'config that does not rebuild' ? { scale: 1 } : { scale }),
        ...(fault === 'config that is no JSON' ? { initializer } : {}),
      },
      apply: (inputs, options = {}) =>
        tf.tidy(() => {
          check(inputs)
          const { text } = inputs
          const all = states(inputs, options)
          const mask = (fault === 'mask ignored' ? tf.onesLike(text.mask) : text.mask) as Tensor2D
          const pooled = meanOf(all, mask, fault !== 'unsafe for an absent modality')
          const squares = tf.mul(tf.sum(tf.square(pooled), 1), presence(text.mask)) as Tensor1D
          if (fault === 'leaked tensor') tf.keep(tf.clone(pooled))
          if (fault === 'order-dependent result') calls++
          const centre = fault === 'examples that see each other' ? tf.mean(pooled, 0, true) : 0
          return {
            states: tf.add(all, calls),
            pooled: tf.sub(pooled, centre) as Tensor2D,
            count:
              fault === 'wrong output dtype' ? tf.cast(tf.sum(text.mask, 1), 'int32') : tf.sum(text.mask, 1),
            mask: fault === 'borrowed output' ? text.mask : tf.clone(text.mask),
            loss: tf.sum(squares) as Scalar,
          }
        }),
      parameters: () => parameters,
      dispose: () => (fault === 'leaked parameter' ? stray.pop() : disposeParameters(parameters)),
    }
  }

const subject = (fault?: Fault): ConformanceSubject<TinyOptions> => ({
  create: tiny(fault),
  config: { hidden: 5, scale: 1.5, seed: 3 },
  dimensions: { batch: 4, tokens: 3, hidden: 5 },
  inputs: { text: encodingInput('tokens', 'hidden'), shift: tensorInput(['batch', 'hidden']) },
  outputs: {
    states: ['batch', 'tokens', 'hidden'],
    pooled: ['batch', 'hidden'],
    count: ['batch'],
    mask: ['batch', 'tokens'],
    loss: [],
  },
  random: 'positions',
})

const named = (findings: Finding[]): string[] => [...new Set(findings.map(f => `${f.check} ${f.subject}`))]

beforeAll(async () => {
  await tf.setBackend('cpu')
})

describe('checkConformance', () => {
  it('finds nothing in a sound module and leaves no tensor behind', async () => {
    const before = tf.memory().numTensors
    expect(await checkConformance(subject())).toEqual([])
    expect(tf.memory().numTensors).toBe(before)
  })

  const planted: [Fault, ...string[]][] = [
    ['mask ignored', 'mask text.mask.values', 'mask text.mask.appended'],
    ['leaked tensor', 'leaked-tensor apply'],
    ['leaked parameter', 'leaked-tensor dispose'],
    ['borrowed output', 'leaked-tensor apply'],
    ['global randomness', 'global-randomness apply'],
    ['global first values', 'global-randomness create'],
    ['seed ignored', 'seed seed', 'seed step'],
    ['detached gradient', 'gradient dense.weight'],
    ['detached input', 'gradient text.states'],
    [
      'wrong gradient',
      'gradient dense.weight',
      'gradient dense.bias',
      'gradient text.states',
      'gradient shift',
    ],
    ['wrong dtype', 'dtype text.states', 'dtype text.summary', 'dtype text.mask', 'dtype shift'],
    ['wrong output dtype', 'dtype count'],
    ['order-dependent result', 'order apply'],
    ['config that does not rebuild', 'round-trip scale'],
    ['config that is no JSON', 'round-trip config.initializer'],
    ['silent broadcast', 'wrong-shape shift'],
    ['error without a name', 'wrong-shape shift'],
    ['unsafe for an absent modality', 'absent-modality text.mask'],
    ['examples that see each other', 'batch-of-one pooled'],
  ]
  it.each(planted)('reports exactly a planted fault: %s', async (fault, ...expected) => {
    expect(named(await checkConformance(subject(fault))).sort()).toEqual(expected.sort())
  })

  it('takes an exemption with its reason, and reports one that is not needed', async () => {
    const exempt = { mask: 'this module pads nothing' }
    expect(await checkConformance({ ...subject('mask ignored'), exempt })).toEqual([])
    expect(named(await checkConformance({ ...subject(), exempt }))).toEqual(['exemption mask'])
    const one = { 'mask:text.mask.values': 'known' }
    expect(named(await checkConformance({ ...subject('mask ignored'), exempt: one }))).toEqual([
      'mask text.mask.appended',
    ])
  })

  it('takes a parameter declared to have no gradient, and reports one that has', async () => {
    const zeroGradients = { 'dense.weight': 'frozen on purpose' }
    const findings = await checkConformance({ ...subject(), zeroGradients })
    expect(findings.map(({ message }) => message)).toEqual(['is declared to have no gradient, but has one'])
  })

  it('reports outputs that are missing, not declared or of another shape', async () => {
    const { loss: _loss, ...outputs } = subject().outputs
    const changed = { ...outputs, pooled: ['batch', 'tokens'], extra: ['batch'] }
    const findings = await checkConformance({ ...subject(), outputs: changed })
    expect(named(findings)).toEqual(
      expect.arrayContaining(['output-shape pooled', 'output-shape extra', 'output-shape loss']),
    )
  })

  it('says in one finding that a module cannot be applied at all', async () => {
    const findings = await checkConformance({
      ...subject(),
      inputs: { shift: tensorInput(['batch', 'hidden']) },
    })
    expect(named(findings)).toEqual(['apply apply'])
  })
})
