import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { beforeAll, describe, expect, it } from 'vitest'
import { normalised, type Program, rewritten } from './programs'

beforeAll(() => tf.setBackend('cpu'))

/** Programs, and the operator or attribute they must not become. */
const nearMisses: Record<string, [fused: string, program: Program]> = {
  'layer norm over another axis': [
    'LayerNormalization',
    ({ x, vector, other }) => normalised(x!, { axis: 1, scale: vector!, shift: other! }),
  ],
  'layer norm over another axis of the same length': [
    'LayerNormalization',
    ({ square, vector, other }) => normalised(square!, { axis: 0, scale: vector!, shift: other! }),
  ],
  'layer norm with one scale for all': [
    'LayerNormalization',
    ({ x, one, other }) => normalised(x!, { scale: one!, shift: other! }),
  ],
  'layer norm with one shift for all': [
    'LayerNormalization',
    ({ x, one, other }) => normalised(x!, { scale: other!, shift: one! }),
  ],
  'layer norm with a scale for each row': [
    'LayerNormalization',
    ({ rows, vector, other }) =>
      normalised(rows!, { scale: tf.reshape(tf.slice(vector!, 0, 5), [5, 1]), shift: other! }),
  ],
  'layer norm of one column, widened by its scale': [
    'LayerNormalization',
    ({ rows, vector, other }) =>
      normalised(tf.slice(rows!, [0, 0], [5, 1]), { scale: vector!, shift: other! }),
  ],
  'layer norm about the mean of something else': [
    'LayerNormalization',
    ({ x, y, vector, other }) => normalised(x!, { of: y!, scale: vector!, shift: other! }),
  ],
  'layer norm whose epsilon is an input': [
    'LayerNormalization',
    ({ x, number, vector, other }) => normalised(x!, { epsilon: number!, scale: vector!, shift: other! }),
  ],
  'layer norm whose epsilon has more axes': [
    'LayerNormalization',
    ({ rows, vector, other }) =>
      normalised(rows!, { epsilon: tf.tensor4d([1e-5], [1, 1, 1, 1]), scale: vector!, shift: other! }),
  ],
  'layer norm scaled by its own mean': [
    'LayerNormalization',
    ({ vector, other }) =>
      normalised(vector!, { scale: tf.mul(other!, tf.mean(vector!, -1, true)), shift: other! }),
  ],
  'layer norm shifted by its own deviation': [
    'LayerNormalization',
    ({ vector, other }) => {
      const deviation = tf.rsqrt(
        tf.add(tf.mean(tf.square(tf.sub(vector!, tf.mean(vector!, -1, true))), -1, true), 1e-5),
      )
      return normalised(vector!, { scale: other!, shift: tf.mul(other!, deviation) })
    },
  ],
  'a norm about zero': [
    'LayerNormalization',
    ({ x, vector, other }) =>
      tf.add(tf.mul(tf.mul(x!, tf.rsqrt(tf.add(tf.mean(tf.square(x!), -1, true), 1e-5))), vector!), other!),
  ],
  'gelu of two tensors': [
    'Gelu',
    ({ x, y }) => tf.mul(tf.mul(x!, 0.5), tf.add(tf.erf(tf.mul(y!, Math.SQRT1_2)), 1)),
  ],
  'gelu with another slope': ['Gelu', ({ x }) => tf.mul(tf.mul(x!, 0.5), tf.add(tf.erf(tf.mul(x!, 0.7)), 1))],
  'gelu without its one': [
    'Gelu',
    ({ x }) => tf.mul(tf.mul(x!, 0.5), tf.add(tf.erf(tf.mul(x!, Math.SQRT1_2)), 2)),
  ],
  'gelu with a half of more axes': [
    'Gelu',
    ({ rows }) =>
      tf.mul(tf.mul(rows!, tf.tensor4d([0.5], [1, 1, 1, 1])), tf.add(tf.erf(tf.mul(rows!, Math.SQRT1_2)), 1)),
  ],
  'half of something else than an error function': [
    'HardSigmoid',
    ({ x }) => tf.add(tf.mul(tf.sinh(x!), 0.5), 0.5),
  ],
  'half an error function and more axes': [
    'HardSigmoid',
    ({ rows }) => tf.add(tf.mul(tf.erf(rows!), 0.5), tf.tensor3d([0.5], [1, 1, 1])),
  ],
  'a bias of a product used twice': [
    'bias',
    ({ rows, square, vector }) => {
      const product = tf.matMul(rows!, square!)
      return [tf.add(product, vector!), tf.exp(product)]
    },
  ],
  'a bias of a product that is an output': [
    'bias',
    ({ rows, square, vector }) => {
      const product = tf.matMul(rows!, square!)
      return [product, tf.add(product, vector!)]
    },
  ],
  'a bias for each row': [
    'bias',
    ({ square, rows, vector }) =>
      tf.add(tf.matMul(rows!, square!), tf.slice(tf.expandDims(vector!, 1), [0, 0], [5, 1])),
  ],
  'one bias for all': ['bias', ({ square, rows, one }) => tf.add(tf.matMul(rows!, square!), one!)],
  'a product and itself': [
    'bias',
    ({ square, rows }) => {
      const p = tf.matMul(rows!, square!)
      return tf.add(p, p)
    },
  ],
  'a bias that widens a column': [
    'bias',
    ({ square, rows, vector }) => tf.add(tf.matMul(rows!, tf.slice(square!, [0, 0], [6, 1])), vector!),
  ],
  'a factor for each column': [
    'alpha',
    ({ x, square, vector }) => tf.mul(tf.matMul(x!, tf.expandDims(square!, 0)), vector!),
  ],
  'a factor that is an input': [
    'alpha',
    ({ x, y, number }) => tf.mul(tf.matMul(x!, y!, false, true), number!),
  ],
  'a factor of more axes': [
    'alpha',
    ({ x, y }) => tf.mul(tf.matMul(x!, y!, false, true), tf.tensor4d([0.5], [1, 1, 1, 1])),
  ],
  'a factor of a product used twice': [
    'alpha',
    ({ x, y }) => {
      const product = tf.matMul(x!, y!, false, true)
      return tf.add(tf.mul(product, 0.5), product)
    },
  ],
}

describe('no pass fires on what only looks like it', () => {
  it.each(Object.entries(nearMisses))('%s', async (_, [fused, program]) => {
    const { nodes } = (await rewritten(program)).optimised
    const fires = nodes.some(
      ({ op, inputs, attributes }) =>
        op === fused || (fused === 'bias' && op === 'Gemm' && inputs.length > 2) || fused in attributes,
    )
    expect(fires).toBe(false)
  })
})
