import { valueAndGradients } from '@mafjs/tensor'
import { registerGradients } from '@mafjs/tensor/gradients'
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import '@tensorflow/tfjs-backend-wasm'
import { beforeAll, expect, test } from 'vitest'
import { createPatchEncoder, type PatchConfig } from '../../src/image/patch-encoder'

beforeAll(() => {
  registerGradients()
})

const config: PatchConfig = { kind: 'patches', imageSize: 6, patchSize: 2, channels: 3, hidden: 4, seed: 1 }

test('every region sees its own patch, row by row', async () => {
  await tf.setBackend('cpu')
  const encoder = createPatchEncoder({ ...config, positions: false })
  const blank = tf.zeros([1, 6, 6, 3]) as tf.Tensor4D
  const encode = (pixels: tf.Tensor4D) =>
    (encoder.apply({ pixels, present: tf.ones([1]) }).states.arraySync() as number[][][])[0]!
  const resting = encode(blank)
  expect(resting).toHaveLength(9)
  for (const [row, column, region] of [
    [0, 0, 0],
    [1, 5, 2],
    [3, 2, 4],
    [4, 1, 6],
    [5, 5, 8],
  ] as const) {
    const dot = tf.buffer([1, 6, 6, 3])
    dot.set(1, 0, row, column, 1)
    const changed = encode(dot.toTensor() as tf.Tensor4D).flatMap((state, i) =>
      state.some((value, c) => value !== resting[i]![c]) ? [i] : [],
    )
    expect(changed).toEqual([region])
  }
})

test('with patchNorm only the structure of a patch is left: neither its brightness nor its contrast', async () => {
  await tf.setBackend('cpu')
  const pixels = tf.randomNormal([1, 6, 6, 3], 0, 1, 'float32', 1) as tf.Tensor4D
  const largestChange = (patchNorm: boolean): number => {
    const encoder = createPatchEncoder({ ...config, patchNorm })
    const encode = (x: tf.Tensor): tf.Tensor =>
      encoder.apply({ pixels: x as tf.Tensor4D, present: tf.ones([1]) }).states
    return tf.max(tf.abs(tf.sub(encode(pixels), encode(tf.add(tf.mul(pixels, 3), 0.5))))).dataSync()[0]!
  }
  expect(largestChange(false)).toBeGreaterThan(0.5)
  // What is left is the share that the floor of the variance takes off the fainter picture.
  expect(largestChange(true)).toBeLessThan(0.05)
})

test('a training step on wasm is that of cpu', async () => {
  const results: Record<string, Float32Array>[] = []
  for (const backend of ['cpu', 'wasm']) {
    await tf.setBackend(backend)
    expect(tf.getBackend()).toBe(backend)
    const encoder = createPatchEncoder(config)
    const pixels = tf.reshape(tf.linspace(-1, 1, 2 * 6 * 6 * 3), [2, 6, 6, 3]) as tf.Tensor4D
    const loss = (): tf.Scalar => {
      const { states, summary } = encoder.apply({ pixels, present: tf.ones([2]) }, { training: true })
      return tf.add(tf.sum(tf.square(states)), tf.sum(summary)) as tf.Scalar
    }
    const { gradients } = valueAndGradients(loss, encoder.parameters())
    expect(Object.keys(gradients)).toEqual(Object.keys(encoder.parameters()))
    results.push(
      Object.fromEntries(Object.entries(gradients).map(([name, g]) => [name, g.dataSync() as Float32Array])),
    )
  }
  const [cpu, wasm] = results as [Record<string, Float32Array>, Record<string, Float32Array>]
  for (const [name, values] of Object.entries(cpu)) {
    const largest = Math.max(...values.map(Math.abs))
    expect(largest, name).toBeGreaterThan(0)
    expect(Math.max(...values.map((value, i) => Math.abs(value - wasm[name]![i]!))), name).toBeLessThan(
      1e-5 * largest,
    )
  }
})
