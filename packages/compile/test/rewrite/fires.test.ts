import { gelu, layerNorm, linear, multiHeadAttention } from '@mafjs/tensor'
import { registerGradients } from '@mafjs/tensor/gradients'
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { beforeAll, describe, expect, it } from 'vitest'
import { normalised, rewritten } from './programs'

beforeAll(async () => {
  await tf.setBackend('cpu')
  registerGradients()
})

const gradientOf = (fn: (...given: tf.Tensor[]) => tf.Tensor, ...given: tf.Tensor[]): tf.Tensor[] =>
  tf.grads((...xs: tf.Tensor[]) => tf.sum(tf.mul(fn(...xs), fn(...xs))))(given)

describe('a pass fires on what the modules record', () => {
  const norm = (x: tf.Tensor, w: tf.Tensor, b: tf.Tensor): tf.Tensor =>
    layerNorm(x, w as tf.Tensor1D, b as tf.Tensor1D)

  it('layer norm', async () => {
    const { after } = await rewritten(({ x, vector, other }) => norm(x!, vector!, other!))
    expect(after).toEqual({ LayerNormalization: 1 })
  })

  it('layer norm with its gradient, which takes its mean and deviation from it', async () => {
    const { before, after } = await rewritten(({ x, vector, other }) => gradientOf(norm, x!, vector!, other!))
    expect(after['LayerNormalization']).toBe(1)
    expect([before['Sqrt'], after['Sqrt'] ?? 0]).toEqual([2, 0])
    // Two means are left, those of the gradient.
    expect([before['ReduceMean'], after['ReduceMean']]).toEqual([8, 2])
  })

  it('layer norm whose mean and deviation are outputs too', async () => {
    const { after } = await rewritten(({ x, vector, other }) => {
      const mean = tf.mean(x!, -1, true)
      return [mean, normalised(x!, { scale: vector!, shift: other! }), tf.sum(mean)]
    })
    expect(after).toEqual({ LayerNormalization: 1, ReduceSum: 1 })
  })

  it('gelu, and its gradient', async () => {
    expect((await rewritten(({ x }) => gelu(x!))).after).toEqual({ Gelu: 1 })
    const { after } = await rewritten(({ x }) => gradientOf(gelu, x!))
    expect([after['Gelu'], after['HardSigmoid'], after['Erf']]).toEqual([1, 1, 1])
  })

  it('a bias, of a product of rows', async () => {
    const { before, after } = await rewritten(({ x, weight, four }) =>
      linear(x!, weight as tf.Tensor2D, four as tf.Tensor1D),
    )
    expect([before['Add'], after['Add'], after['Gemm']]).toEqual([1, undefined, 1])
  })

  it('the factor of attention scores', async () => {
    const { before, after } = await rewritten(({ x, y }) =>
      multiHeadAttention(
        { query: x as tf.Tensor3D, key: y as tf.Tensor3D, value: x as tf.Tensor3D, mask: tf.ones([2, 3]) },
        { heads: 2 },
      ),
    )
    expect(before['Mul']! - (after['Mul'] ?? 0)).toBe(1)
    expect([before['MatMul'], after['MatMul'], after['FusedMatMul']]).toEqual([2, 1, 1])
  })

  it('a factor of a product that is broadcast over stacks', async () => {
    const { after } = await rewritten(({ x, square }) =>
      tf.mul(tf.matMul(x!, tf.expandDims(square!, 0)), 0.3),
    )
    expect([after['Mul'], after['FusedMatMul']]).toEqual([undefined, 1])
  })

  it('but not what is computed twice under other numbers', async () => {
    const { after } = await rewritten(({ x }) => [
      tf.leakyRelu(x!, 0.1),
      tf.leakyRelu(x!, 0.3),
      tf.add(tf.leakyRelu(x!, 0.1), tf.leakyRelu(x!, 0.3)),
    ])
    expect(after['LeakyRelu']).toBe(2)
  })

  it('what is computed twice', async () => {
    const { before, after } = await rewritten(({ x, y }) => [
      tf.add(tf.exp(x!), y!),
      tf.mul(tf.exp(x!), tf.add(tf.exp(x!), y!)),
    ])
    expect([before['Exp'], after['Exp'], after['Add']]).toEqual([3, 1, 1])
  })
})
