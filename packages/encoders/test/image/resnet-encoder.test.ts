import { uniform, valueAndGradients } from '@mafjs/tensor'
import { registerGradients } from '@mafjs/tensor/gradients'
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import '@tensorflow/tfjs-backend-wasm'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createImageEncoder } from '../../src/image/create-image-encoder'
import { completeResNetConfig, type ResNetConfig, resNetChannels } from '../../src/image/resnet-config'
import { createResNetEncoder } from '../../src/image/resnet-encoder'
import { resNetStages } from '../../src/image/resnet-stages'
import { plainAdaptivePool, plainResNet } from './plain-resnet'

beforeAll(() => {
  registerGradients()
})
beforeEach(() => tf.setBackend('cpu'))

const tiny: ResNetConfig = { kind: 'resnet', block: 'bottleneck', layers: [1, 2, 1, 1], width: 2, seed: 9 }

/** Values of [-1, 1) that look like nothing special, also for what starts at 0 or 1. */
function scatter(encoder: ReturnType<typeof createResNetEncoder>): void {
  for (const [site, variable] of Object.entries(encoder.parameters())) {
    const draws = uniform(variable.size, { seed: 1, site })
    const values = draws.map(draw => (site.endsWith('running_var') ? 0.5 + draw : 2 * draw - 1))
    variable.assign(tf.tensor(values, variable.shape))
  }
}

describe.each([
  [[1, 2, 1, 1], 'bottleneck', 9, 26],
  [[1, 1, 2, 1], 'basic', 259, 26],
] as const)('a ResNet of %j %s blocks on %d x %d pixels', (layers, block, height, width) => {
  test('is equal to its definition', async () => {
    const encoder = createResNetEncoder({ kind: 'resnet', block, layers: [...layers], width: 2 })
    scatter(encoder)
    const parameters = encoder.parameters()
    const picture = tf.tensor4d(uniform(height * width * 3, { seed: 2, site: 'picture' }), [
      1,
      height,
      width,
      3,
    ])
    const plain = plainResNet(
      (tf.transpose(picture, [0, 3, 1, 2]).arraySync() as number[][][][])[0]!,
      name => ({ data: parameters[name]!.dataSync(), shape: parameters[name]!.shape }),
      layers,
      block === 'basic' ? 2 : 3,
    )
    const { states, summary } = encoder.apply({ pixels: picture, present: tf.ones([1]) })
    const regions = plainAdaptivePool(plain, 7)
    const largest = Math.max(...plain.flat(2))
    expect(states.shape).toEqual([1, 49, resNetChannels(encoder.config)])
    const expectedStates = tf.transpose(tf.reshape(tf.tensor3d(regions), [-1, 49]))
    const expectedSummary = tf.mean(tf.tensor3d(plain), [1, 2])
    for (const [received, expected] of [
      [states, expectedStates],
      [summary, expectedSummary],
    ] as const) {
      const deviation = tf.max(tf.abs(tf.sub(tf.squeeze(received, [0]), expected)))
      expect((await deviation.data())[0]! / largest).toBeLessThan(2e-6)
    }
  })
})

describe('a frozen ResNet', () => {
  test('leaves nothing beside its outputs, also where it throws', () => {
    const encoder = createResNetEncoder(tiny)
    const inputs = { pixels: tf.ones([1, 9, 9, 3]) as tf.Tensor4D, present: tf.ones([1]) as tf.Tensor1D }
    const before = tf.memory().numTensors
    encoder.apply(inputs)
    expect(tf.memory().numTensors).toBe(before + 3)
    const absent = { ...inputs, present: undefined as unknown as tf.Tensor1D }
    expect(() => encoder.apply(absent)).toThrow(/^inputs\.present must be a tensor/)
    expect(tf.memory().numTensors).toBe(before + 3)
  })

  test('keeps nothing for a gradient that never comes', () => {
    const inputs = { pixels: tf.ones([1, 16, 16, 3]) as tf.Tensor4D, present: tf.ones([1]) as tf.Tensor1D }
    const head = { head: tf.variable(tf.tensor2d([[1]])) }
    const tensorsKept = (trainable: boolean): number => {
      const encoder = createResNetEncoder({ ...tiny, trainable })
      let kept = 0
      const { gradients } = valueAndGradients(
        () => {
          const before = tf.memory().numTensors
          const { states } = encoder.apply(inputs)
          kept = tf.memory().numTensors - before
          return tf.mul(tf.sum(states), tf.squeeze(head.head)) as tf.Scalar
        },
        { ...encoder.parameters(), ...head },
      )
      const names = Object.keys(gradients)
      expect(names.includes('conv1.weight')).toBe(trainable)
      expect(names.some(name => name.includes('running'))).toBe(false)
      return kept
    }
    expect(tensorsKept(false)).toBeLessThan(30)
    expect(tensorsKept(true)).toBeGreaterThan(100)
  })

  test('says why no gradient reaches its pixels', () => {
    const encoder = createResNetEncoder(tiny)
    const gradient = tf.grad(pixels =>
      tf.sum(encoder.apply({ pixels: pixels as tf.Tensor4D, present: tf.ones([1]) }).states),
    )
    expect(() => gradient(tf.ones([1, 8, 8, 3]))).toThrow(/config\.trainable must be true for a gradient/)
  })
})

describe('on wasm', () => {
  const inputs = () => ({ pixels: tf.ones([2, 16, 20, 3]) as tf.Tensor4D, present: tf.tensor1d([1, 0]) })
  test('computes what cpu computes', async () => {
    const states: Float32Array[] = []
    for (const backend of ['cpu', 'wasm']) {
      await tf.setBackend(backend)
      const encoder = createResNetEncoder(tiny)
      states.push((await encoder.apply(inputs(), { training: true }).states.data()) as Float32Array)
    }
    const [cpu, wasm] = states as [Float32Array, Float32Array]
    const deviation = Math.max(...cpu.map((value, i) => Math.abs(value - wasm[i]!)))
    expect(deviation).toBeLessThan(2e-6 * Math.max(...cpu))
  })
  test('has the gradients of cpu', async () => {
    const read: number[][] = []
    for (const backend of ['cpu', 'wasm']) {
      await tf.setBackend(backend)
      const encoder = createResNetEncoder({ ...tiny, trainable: true })
      scatter(encoder)
      const pixels = tf.tensor4d(uniform(1920, { seed: 4, site: 'pixels' }), [2, 16, 20, 3])
      const loss = (): tf.Scalar =>
        tf.mean(tf.square(encoder.apply({ pixels, present: tf.ones([2]) }, { training: true }).summary))
      const { gradients } = valueAndGradients(loss, encoder.parameters())
      const values: number[] = []
      for (const name of Object.keys(gradients).sort()) values.push(...(await gradients[name]!.data()))
      read.push(values)
      encoder.dispose()
    }
    const [cpu, wasm] = read as [number[], number[]]
    const largest = Math.max(...cpu.map(Math.abs))
    expect(wasm).toHaveLength(cpu.length)
    expect(Math.max(...cpu.map((value, i) => Math.abs(value - wasm[i]!))) / largest).toBeLessThan(2e-5)
  })
})

test('an absent picture is finite whatever its pixels hold, and masked', async () => {
  const pixels = tf.concat([tf.fill([1, 8, 8, 3], Number.NaN), tf.ones([1, 8, 8, 3])]) as tf.Tensor4D
  for (const config of [tiny, { kind: 'patches', imageSize: 8, patchSize: 4, channels: 3 } as const]) {
    const { states, summary, mask } = createImageEncoder(config).apply({
      pixels,
      present: tf.tensor1d([0, 1]),
    })
    expect([...(await states.data()), ...(await summary.data())].every(Number.isFinite)).toBe(true)
    const rows = (await mask.array()) as number[][]
    expect(rows.map(row => [Math.min(...row), Math.max(...row)])).toEqual([
      [0, 0],
      [1, 1],
    ])
  }
})

test('the stages halve the picture from 4 to 32, and nothing else is left of them', () => {
  const parameters = createResNetEncoder(tiny).parameters()
  const pixels = tf.zeros<tf.Rank.R4>([1, 64, 96, 3])
  const before = tf.memory().numTensors
  const stages = resNetStages(pixels, parameters, completeResNetConfig(tiny))
  expect(tf.memory().numTensors).toBe(before + 5)
  expect(
    Object.fromEntries(Object.entries(stages).map(([stage, { shape }]) => [stage, shape.slice(1)])),
  ).toEqual({
    maxpool: [16, 24, 2],
    layer1: [16, 24, 8],
    layer2: [8, 12, 16],
    layer3: [4, 6, 32],
    layer4: [2, 3, 64],
  })
})

describe('configuration', () => {
  test.each([
    [18, 512],
    [34, 512],
    [50, 2048],
    [101, 2048],
    [152, 2048],
  ] as const)('depth %d has %d channels and as many weighted layers', (depth, channels) => {
    const { block, layers } = completeResNetConfig({ kind: 'resnet', depth })
    expect(resNetChannels({ kind: 'resnet', depth })).toBe(channels)
    const perBlock = block === 'basic' ? 2 : 3
    expect(2 + perBlock * layers.reduce((sum, count) => sum + count, 0)).toBe(depth)
  })
  test.each([
    [{ depth: 20 }, /depth must be one of 18, 34, 50, 101, 152\. Received: 20\./],
    [{}, /block must be 'basic' or 'bottleneck'\. Received: undefined/],
    [{ block: 'basic', layers: [1, 1, 1] }, /layers must be four positive integers.*Received: \[1,1,1\]/],
    [{ depth: 18, width: 0 }, /width must be a positive whole number/],
    [{ kind: 'vgg' }, /config\.kind must be 'resnet', .*'clip'\. Received: vgg/],
    [{ kind: 'patches', imageSize: 10, patchSize: 4, channels: 3 }, /patchSize must divide imageSize = 10/],
    [
      { kind: 'patches', imageSize: 8, patchSize: 4, channels: 0 },
      /channels must be a positive whole number/,
    ],
  ])('refuses %j', (change, message) => {
    expect(() => createImageEncoder({ kind: 'resnet', ...change } as ResNetConfig)).toThrow(message)
  })
})
