import { type ApplyOptions, disposeParameters, dropout, valueAndGradients } from '@mafjs/tensor'
import { registerGradients } from '@mafjs/tensor/gradients'
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { compileGradients } from '../../src/index'
import { countSessions, expectSame, plain, QUIET, rejection } from '../compile/compare'
import { batchOf, createTagger, lossOf } from './tagger'

beforeAll(async () => {
  await tf.setBackend('cpu')
  registerGradients()
})
afterEach(() => {
  vi.restoreAllMocks()
  tf.disposeVariables()
})

type Batch = ReturnType<typeof batchOf>

/** Loss parts and gradients by tfjs's own backend. */
async function eager(
  parameters: ReturnType<typeof createTagger>,
  batch: Batch,
  run: { seed: number; step: number },
) {
  const parts: Record<string, tf.Tensor> = {}
  const { gradients } = valueAndGradients(() => {
    const losses = lossOf(parameters)(batch, { training: true, ...run })
    for (const [name, part] of Object.entries(losses)) parts[name] = tf.keep(tf.clone(part))
    return losses.total
  }, parameters)
  const losses = (await plain(parts)) as Record<string, { values: number[] }>
  return {
    losses: Object.fromEntries(Object.entries(losses).map(([name, { values }]) => [name, values[0]!])),
    gradients,
  }
}

describe('compiled gradients of a tagger are those of tfjs', () => {
  it('under dropout masks of the same seed and step, in several shapes, after assignments', async () => {
    const count = await countSessions()
    const parameters = createTagger()
    const compiled = compileGradients(lossOf(parameters), parameters, QUIET)
    const runs = [
      { batch: batchOf(2, 4), run: { seed: 3, step: 7 } },
      { batch: batchOf(2, 4), run: { seed: 3, step: 8 } },
      { batch: batchOf(1, 5), run: { seed: 2 ** 40 + 1, step: 8 } },
    ]
    const totals: number[] = []
    for (const { batch, run } of runs) {
      const expected = await eager(parameters, batch, run)
      const actual = await compiled(batch, run)
      expectSame(await plain(actual.gradients), await plain(expected.gradients), 2e-5)
      for (const [name, loss] of Object.entries(expected.losses))
        expect(actual.losses[name]).toBeCloseTo(loss, 5)
      expect(Object.keys(actual.losses)).toEqual(['total', 'nll', 'small'])
      totals.push(actual.losses['total']!)
      const weight = parameters['layer.output.dense.weight']!
      weight.assign(tf.mul(weight, 0.5))
    }
    expect(new Set(totals).size).toBe(3)
    expect(count.made).toBe(2)
    await compiled.dispose()
    expect(count.alive).toBe(0)
  })

  it('for the parameters that the loss reaches and that are trained, and leaves nothing behind', async () => {
    const parameters = createTagger()
    const before = tf.memory()
    const batch = batchOf(1, 3)
    const compiled = compileGradients(lossOf(parameters), parameters, QUIET)
    const { gradients } = await compiled(batch)
    const names = Object.keys(parameters).filter(name => !/^unused|^position/.test(name))
    expect(Object.keys(gradients).sort()).toEqual(names.sort())
    tf.dispose([gradients, Object.values(batch)])
    const after = tf.memory()
    expect([after.numTensors, after.numDataBuffers]).toEqual([before.numTensors, before.numDataBuffers])
    await compiled.dispose()
    disposeParameters(parameters)
  })
})

describe('dropout', () => {
  const weight = (): tf.Variable => tf.variable(tf.ones([64]), true, 'dropout.weight')
  const dropped = (w: tf.Variable) => (_: object, options: ApplyOptions) =>
    tf.sum(
      dropout(dropout(w as unknown as tf.Tensor1D, 0.5, 'here', options), 0.25, 'there', options),
    ) as tf.Scalar

  it('differs from step to step and from seed to seed, and defaults to those of modules', async () => {
    const w = weight()
    const compiled = compileGradients(dropped(w), { w }, QUIET)
    const masks: string[] = []
    for (const run of [{ seed: 0, step: 0 }, { seed: 0, step: 1 }, { seed: 1, step: 0 }, undefined]) {
      const { gradients } = await compiled({}, run)
      const expected = valueAndGradients(() => dropped(w)({}, { training: true, ...run }), { w }).gradients
      // The gradient of a sum is the product of both masks itself.
      expect(await gradients['w']!.data()).toEqual(await expected['w']!.data())
      masks.push(String(await gradients['w']!.data()))
    }
    expect(new Set(masks).size).toBe(3)
    expect(masks[3]).toBe(masks[0])
    await compiled.dispose()
  })

  it('and its masks are told from inputs of the same names', async () => {
    const w = weight()
    const loss = ({ mask }: { mask: tf.Tensor[] }, options: ApplyOptions): tf.Scalar =>
      tf.sum(tf.mul(mask[0]!, dropout(w as unknown as tf.Tensor1D, 0.5, 'here', options))) as tf.Scalar
    const compiled = compileGradients(loss, { w }, QUIET)
    const inputs = { mask: [tf.range(0, 64)] }
    const { gradients } = await compiled(inputs, { seed: 5, step: 2 })
    const expected = valueAndGradients(() => loss(inputs, { training: true, seed: 5, step: 2 }), {
      w,
    }).gradients
    expect(await gradients['w']!.data()).toEqual(await expected['w']!.data())
    await compiled.dispose()
  })

  it.each([
    ['seed', (options: ApplyOptions): ApplyOptions => ({ ...options, seed: 4 })],
    ['step', (options: ApplyOptions): ApplyOptions => ({ ...options, step: options.step! + 1 })],
  ])('is refused under another %s', async (_, change) => {
    const w = weight()
    const compiled = compileGradients(
      (inputs: object, options) => dropped(w)(inputs, change(options)),
      { w },
      QUIET,
    )
    const error = await rejection(compiled({}))
    expect(error.message).toBe(
      "The dropout at here was given another seed or step than the compiled step's own. " +
        'Pass on the options that the loss function is given: seed and step change from run to run.',
    )
  })
})

describe('what is no loss is refused', () => {
  const bad: Record<string, [loss: (w: tf.Variable) => unknown, message: RegExp]> = {
    'a vector': [
      w => tf.square(w),
      /^the loss total must be a float32 tensor without axes\. Received: float32 \[3\]\.$/,
    ],
    'a part that is no tensor': [
      w => ({ total: tf.sum(w), part: 3 }),
      /^the loss part must be a float32 tensor without axes\. Received: number\.$/,
    ],
    'parts without a total': [w => ({ nll: tf.sum(w) }), /^the loss total must be .* Received: undefined\.$/],
    'a promise': [async w => tf.sum(w), /^The function to be compiled returned a promise\./],
    'a promise of what was read': [
      async w => tf.mul(tf.sum(w), (await tf.square(w).data())[0]!),
      /^data read the data of a tensor/,
    ],
  }

  it.each(Object.entries(bad))('%s', async (_, [loss, message]) => {
    const w = tf.variable(tf.tensor1d([1, 2, 3]))
    const before = tf.memory().numTensors
    const compiled = compileGradients(() => loss(w) as tf.Scalar, { w }, QUIET)
    expect((await rejection(compiled({}))).message).toMatch(message)
    expect(tf.memory().numTensors).toBe(before)
    expect(tf.getBackend()).toBe('cpu')
  })

  it('and a number made from the step outside of dropout', async () => {
    const w = tf.variable(tf.tensor1d([1, 2, 3]))
    const compiled = compileGradients(
      (_: object, { step = 0 }) => tf.mul(tf.sum(w), step + 1) as tf.Scalar,
      { w },
      QUIET,
    )
    expect((await rejection(compiled({}))).message).toMatch(/^What differs from call to call would be frozen/)
  })
})
