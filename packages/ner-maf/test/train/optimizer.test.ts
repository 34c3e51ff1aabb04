import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { useBackend } from '../../src/engine/use-backend'
import { createAdamW } from '../../src/train/adamw'
import { createBertAdam } from '../../src/train/bert-adam'
import { clipByGlobalNorm, clipPerTensor } from '../../src/train/clipping'
import type { OptimizerOptions } from '../../src/train/optimizer'
import { constantSchedule } from '../../src/train/schedules'

beforeAll(() => useBackend('cpu'))

const options: OptimizerOptions = {
  learningRate: 0.1,
  schedule: constantSchedule(),
  clipping: () => 0,
  weightDecay: 0,
}

/** A parameter's value after each of these gradients. */
async function path(
  create: typeof createAdamW,
  gradients: number[],
  changes: Partial<OptimizerOptions> = {},
  { name = 'x.weight', start = 1 } = {},
): Promise<number[]> {
  const variable = tf.variable(tf.tensor1d([start]))
  const optimizer = create({ [name]: variable }, { ...options, ...changes })
  const values: number[] = []
  for (const gradient of gradients) {
    await optimizer.update({ [name]: tf.tensor1d([gradient]) })
    values.push(variable.dataSync()[0]!)
  }
  return values
}

const close = (values: number[], expected: number[]): void => {
  expect(values).toHaveLength(expected.length)
  for (const [i, value] of values.entries()) expect(value).toBeCloseTo(expected[i]!, 6)
}

describe('AdamW', () => {
  it('moves by the learning rate where the gradient does not change, whatever its size', async () => {
    close(await path(createAdamW, [3, 3, 3]), [0.9, 0.8, 0.7])
    close(await path(createAdamW, [-1e-3, -1e-3]), [1.1 - 1e-6, 1.2 - 2e-6])
  })

  it('weighs the past, corrected for its short length', async () => {
    // m = 0.1, then 0.09 - 0.1 = -0.01, over 1 - 0.81; v = 0.001999 over 1 - 0.998001 = 1
    close(await path(createAdamW, [1, -1]), [0.9, 0.9 + (0.1 * 0.01) / 0.19])
    // m = 0.2 / 0.1 = 2 and v = 4; then m = (0.18 + 0.1) / 0.19 and v = (0.003996 + 0.001) / 0.001999
    close(await path(createAdamW, [2, 1]), [0.9, 0.9 - (0.1 * (0.28 / 0.19)) / Math.sqrt(4.996 / 1.999)])
  })

  it('decays weights by themselves, apart from the gradient', async () => {
    close(await path(createAdamW, [0, 0], { weightDecay: 0.5 }), [0.95, 0.9025])
    close(await path(createAdamW, [3, 3], { weightDecay: 0.5 }, { start: 2 }), [1.8, 1.61])
  })
})

describe('the published optimiser', () => {
  it('leaves out the bias correction, so that its first steps are larger', async () => {
    // m / sqrt(v): 0.1 / sqrt(0.001), then -0.01 / sqrt(0.001999), each with 1e-6 in the divisor
    const first = 1 - (0.1 * 0.1) / (Math.sqrt(0.001) + 1e-6)
    close(await path(createBertAdam, [1, -1]), [first, first + (0.1 * 0.01) / (Math.sqrt(0.001999) + 1e-6)])
  })

  it('decays weights by themselves, apart from the gradient', async () => {
    close(await path(createBertAdam, [0, 0], { weightDecay: 0.5 }), [0.95, 0.9025])
  })
})

describe.each([
  ['AdamW', createAdamW],
  ['the published optimiser', createBertAdam],
])('%s', (_, create) => {
  it.each([
    ['text_encoder.encoder.layer.0.output.dense.weight', true],
    ['crf.transitions', true],
    ['crf.start_transitions', true],
    ['fusion.text.bias', false],
    ['interaction.layer.0.output.LayerNorm.weight', false],
    ['text_encoder.embeddings.LayerNorm.bias', false],
  ])('decays %s: %s', async (name, isDecayed) => {
    const [value] = await path(create, [0], { weightDecay: 0.5 }, { name })
    expect(value).toBeCloseTo(isDecayed ? 0.95 : 1, 6)
  })

  it('takes the rate from the schedule, by the number of updates', async () => {
    const seen: number[] = []
    const schedule = (step: number): number => {
      seen.push(step)
      return step
    }
    const values = await path(create, [0, 0, 0], { weightDecay: 1, schedule })
    expect(seen).toEqual([0, 1, 2])
    close(values, [1, 0.9, 0.72])
  })

  it('says what it reached, leaves the rest, and touches nothing where a gradient is not finite', async () => {
    const parameters = { a: tf.variable(tf.tensor1d([1])), b: tf.variable(tf.tensor1d([1])) }
    const optimizer = create(parameters, { ...options, clipping: clipByGlobalNorm(1), weightDecay: 0.5 })
    const before = tf.memory().numTensors
    for (const broken of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const gradients = { a: tf.tensor1d([1]), b: tf.tensor1d([broken]) }
      const report = await optimizer.update(gradients)
      tf.dispose(gradients)
      expect(Number.isFinite(report.gradientNorm)).toBe(false)
      expect([parameters.a.dataSync()[0], parameters.b.dataSync()[0]]).toEqual([1, 1])
    }
    const gradients = { a: tf.tensor1d([2]), b: tf.tensor1d([0]) }
    expect(await optimizer.update(gradients)).toEqual({ learningRate: 0.1, gradientNorm: 2, reached: ['a'] })
    tf.dispose(gradients)
    const missing = await optimizer.update({})
    expect(missing).toEqual({ learningRate: 0.1, gradientNorm: 0, reached: [] })
    expect(parameters.b.dataSync()[0]).toBeCloseTo(0.95, 6)
    expect(tf.memory().numTensors).toBe(before)
  })
})

describe('clipping', () => {
  const gradients = (): Float32Array[] => [Float32Array.of(3, 4), Float32Array.of(-12), Float32Array.of(0)]
  const norms = (tensors: Float32Array[]): number[] => tensors.map(tensor => Math.hypot(...tensor))

  it('by the global norm keeps the direction', () => {
    const clipped = gradients()
    expect(clipByGlobalNorm(1)(clipped)).toBeCloseTo(13, 6)
    const [a, b] = norms(clipped)
    expect(Math.hypot(a!, b!)).toBeCloseTo(1, 6)
    expect([...clipped[0]!, clipped[1]![0]!].map(value => value * 13)).toEqual(
      [3, 4, -12].map(value => expect.closeTo(value, 4)),
    )
    const kept = gradients()
    clipByGlobalNorm(14)(kept)
    expect(kept).toEqual(gradients())
  })

  it('per tensor limits each by itself', () => {
    const clipped = gradients()
    expect(clipPerTensor(6)(clipped)).toBeCloseTo(13, 6)
    expect(clipped[0]).toEqual(Float32Array.of(3, 4))
    expect(clipped[1]![0]).toBeCloseTo(-6, 5)
    expect(clipped[2]).toEqual(Float32Array.of(0))
  })
})
