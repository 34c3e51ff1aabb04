import {
  createParameters,
  dropout,
  gelu,
  layerNorm,
  linear,
  logSumExp,
  multiHeadAttention,
  product,
  takeRows,
  transformerLayer,
  transformerLayerSpecs,
  withoutPadding,
} from '@mafjs/tensor'
import { registerGradients } from '@mafjs/tensor/gradients'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'

await tf.setBackend('cpu')
registerGradients()

const x = tf.randomNormal<tf.Rank.R3>([2, 3, 4], 0, 1, 'float32', 1)
const square = tf.randomNormal<tf.Rank.R2>([4, 4], 0, 1, 'float32', 2)
const vector = tf.randomNormal<tf.Rank.R1>([4], 0, 1, 'float32', 3)
const mask = tf.ones<tf.Rank.R2>([2, 3])
const sizes = { hidden: 4, heads: 2, intermediate: 6 }
const layer = createParameters(transformerLayerSpecs('layer', sizes), 0)

describe('a function leaves nothing behind but its result', () => {
  it.each<[string, () => tf.Tensor]>([
    ['dropout', () => dropout(x, 0.5, 'here', { training: true })],
    ['gelu', () => gelu(x)],
    ['layerNorm', () => layerNorm(x, vector, vector)],
    ['linear', () => linear(x, square, vector)],
    ['logSumExp', () => logSumExp(x, 1)],
    ['multiHeadAttention', () => multiHeadAttention({ query: x, key: x, value: x, mask }, { heads: 2 })],
    ['product', () => product(square, square)],
    ['takeRows', () => takeRows(x, [1, 0])],
    ['transformerLayer', () => transformerLayer({ states: x, mask }, layer, 'layer', sizes)],
    ['withoutPadding', () => withoutPadding(x, mask)],
  ])('%s', (_name, apply) => {
    const before = tf.memory().numTensors
    apply().dispose()
    expect(tf.memory().numTensors).toBe(before)
  })
})

describe('withoutPadding', () => {
  const wild = tf.tensor2d([
    [1, Number.NaN],
    [Number.POSITIVE_INFINITY, 4],
  ])

  it('keeps what is real, whatever stands beside it', () => {
    const real = tf.tensor2d([
      [1, 0],
      [0, 1],
    ])
    expect(withoutPadding(wild, real).arraySync()).toEqual([
      [1, 0],
      [0, 4],
    ])
    expect(withoutPadding(tf.expandDims(wild, 2), real).arraySync()).toEqual([
      [[1], [0]],
      [[0], [4]],
    ])
  })

  it('lets no gradient through where there is nothing', () => {
    const rows = tf.tensor1d([0, 1])
    const loss = (values: tf.Tensor): tf.Tensor => tf.sum(tf.square(withoutPadding(values, rows)))
    expect(tf.grad(loss)(wild).arraySync()).toEqual([
      [0, 0],
      [Number.POSITIVE_INFINITY, 8],
    ])
  })
})
