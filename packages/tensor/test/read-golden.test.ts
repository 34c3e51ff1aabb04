import '@tensorflow/tfjs-backend-cpu'
import { readGolden } from '@mafjs/tensor/testing'
import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { storeFloat32, writeSafetensors } from '../src/safetensors/safetensors'

await tf.setBackend('cpu')

const tensors = (values: Record<string, number[]>): Uint8Array =>
  writeSafetensors(
    Object.fromEntries(
      Object.entries(values).map(([name, row]) => [name, storeFloat32(Float32Array.from(row), [row.length])]),
    ),
  )

const files: Record<string, Uint8Array> = {
  'expected.json': new TextEncoder().encode(
    JSON.stringify({ f32_vs_f64_max_abs_diff_and_max_abs: { rough: [1e-3, 2] } }),
  ),
  'expected.safetensors': tensors({ exact: [1, -4], rough: [2, 0] }),
  'inputs.safetensors': writeSafetensors({
    // Two channels of a 1 x 3 map, channels first as PyTorch has it.
    img_att_u8: { dtype: 'U8', shape: [1, 2, 1, 3], bytes: Uint8Array.of(64, 32, 0, 1, 2, 3) },
  }),
  'weights.safetensors': tensors({ 'old.weight': [1], 'old.bias': [2], 'other.bias': [3] }),
}
const golden = readGolden(file => files[file]!)

test('the deviation is a share of 5e-6 of the largest value, or of four recorded deviations', () => {
  expect(golden.share('exact', tf.tensor1d([1, -4]))).toBe(0)
  expect(golden.share('exact', tf.tensor1d([1 + 2e-5, -4]))).toBeCloseTo(1, 1)
  expect(golden.share('rough', tf.tensor1d([2.002, 0]))).toBeCloseTo(0.5, 3)
  expect(golden.share('exact', tf.tensor1d([1, Number.NaN]))).toBeNaN()
  expect(() => golden.share('exact', tf.tensor2d([[1, -4]]))).toThrow(
    'exact must have shape [2]. Received: [1, 2].',
  )
})

test('regions are the feature map, channels last, in 64ths', () => {
  expect(golden.regions().arraySync()).toEqual([
    [
      [1, 1 / 64],
      [0.5, 2 / 64],
      [0, 3 / 64],
    ],
  ])
})

test('weights are those of the renamed parts, and an unknown tensor is an error', () => {
  const weights = golden.weights({ 'old.': 'new.' })
  expect(Object.keys(weights)).toEqual(['new.weight', 'new.bias'])
  expect(weights['new.bias']!.dataSync()[0]).toBe(2)
  expect(() => golden.tensor('absent')).toThrow('holds no tensor "absent"')
})
