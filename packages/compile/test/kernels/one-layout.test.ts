import '@tensorflow/tfjs-backend-cpu'
import { registerOnnxBackend } from '@mafjs/compile'
import { registerGradients } from '@mafjs/tensor/gradients'
import * as tf from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { optimize } from '../../src/rewrite/optimize'
import { recordGradients } from '../../src/trace/record-gradients'
import { distance } from './kernel-case'
import { floats, type Sample, tensorOf } from './sample'

registerOnnxBackend({ threads: 2, spinning: false })
registerGradients()
beforeAll(() => tf.setBackend('cpu').then(() => undefined))

/** A small network with all that stands between convolutions, ONNX's layout of filters and tfjs's. */
const shapes = {
  first: [3, 3, 3, 6],
  firstBias: [6],
  scale: [6],
  second: [6, 6, 3, 3],
  shortcut: [1, 1, 10, 8],
  third: [3, 3, 10, 8],
  head: [8, 4],
} as const
type Weights = Record<keyof typeof shapes, tf.Tensor>

function network(x: tf.Tensor, mask: tf.Tensor, weights: Weights): tf.Scalar {
  const { first, firstBias, scale, second, shortcut, third, head } = weights
  const a = tf.relu(
    tf.add(tf.conv2d(x as tf.Tensor4D, first as tf.Tensor4D, 1, 'same'), firstBias),
  ) as tf.Tensor4D
  const pooled = tf.mul(tf.maxPool(a, 2, 2, 'valid'), mask) as tf.Tensor4D
  const scaled = tf.mul(tf.transpose(second, [2, 3, 1, 0]), scale) as tf.Tensor4D
  const b = tf.fused.conv2d({
    x: pooled,
    filter: scaled,
    strides: 1,
    pad: 1,
    activation: 'relu',
    bias: firstBias,
  })
  const sum = tf.relu(tf.add(pooled, tf.leakyRelu(b, 0.1))) as tf.Tensor4D
  const normal = tf.sub(sum, tf.mean(sum, [1, 2], true))
  const wide = tf.concat([normal, tf.slice(sum, [0, 0, 0, 2], [-1, -1, -1, 4])], 3) as tf.Tensor4D
  const padded = tf.pad(wide, [
    [0, 0],
    [1, 0],
    [0, 1],
    [0, 0],
  ]) as tf.Tensor4D
  const c = tf.add(
    tf.conv2d(padded, third as tf.Tensor4D, 2, 'same'),
    tf.conv2d(padded, shortcut as tf.Tensor4D, 2, 'same'),
  )
  const features = tf.mean(c, [1, 2]) as tf.Tensor2D
  return tf.mean(tf.square(tf.matMul(features, head as tf.Tensor2D))) as tf.Scalar
}

const samples = Object.fromEntries(
  Object.entries(shapes).map(([name, shape]) => [name, floats(shape, -0.5, 0.5)]),
) as Record<keyof typeof shapes, Sample>
const x = floats([2, 8, 8, 3])
const mask = floats([2, 4, 4, 6])

describe('a network of convolutions', () => {
  const variables = Object.entries(samples).map(([name, sample]) => [name, sample] as const)
  let parameters: Record<string, tf.Variable> = {}
  beforeAll(() => {
    parameters = Object.fromEntries(
      variables.map(([name, sample]) => [name, tf.variable(tensorOf(sample), true, `layout/${name}`)]),
    )
  })
  afterAll(() => tf.dispose(parameters))

  it("has the gradients of tfjs's cpu backend", async () => {
    const gradientsOn = async (backend: string): Promise<number[][]> => {
      await tf.setBackend(backend)
      const given = variables.map(([, sample]) => tensorOf(sample))
      const loss = (...weights: tf.Tensor[]): tf.Scalar => {
        const named = Object.fromEntries(variables.map(([name], i) => [name, weights[i]!])) as Weights
        return network(tensorOf(x), tensorOf(mask), named)
      }
      const { value, grads } = tf.valueAndGrads(loss)(given)
      const read: number[][] = []
      for (const tensor of [value, ...grads]) read.push(Array.from(await tensor.data()))
      return read
    }
    const expected = await gradientsOn('cpu')
    const actual = await gradientsOn('onnx')
    const far = expected.map((values, i) => distance(actual[i]!, values))
    expect(Math.max(...far)).toBeLessThan(1e-5)
    await tf.setBackend('cpu')
  })

  it('transposes only what comes from outside and small filters, forward and backward', () => {
    const inputs = { x: tensorOf(x), mask: tensorOf(mask) }
    const recorded = recordGradients(
      (given: typeof inputs) => network(given.x, given.mask, parameters as unknown as Weights),
      parameters,
      inputs,
    )
    const graph = optimize(recorded.graph)
    const isMap = (shape: readonly unknown[]): boolean =>
      shape.length === 4 && shape[0] === 2 && shape[2] !== 3
    const transposed = graph.nodes
      .filter(({ op }) => op === 'Transpose')
      .filter(({ inputs: [name] }) => isMap(graph.tensors.get(name!)!.shape))
      .map(({ inputs: [name], attributes }) => ({ name, order: String(attributes['perm']) }))
    // Batch and channels change places for the gradient of a filter; nothing else moves but what is given.
    const moved = transposed.filter(({ order }) => order !== '1,0,2,3')
    expect(moved.map(({ name }) => name).sort()).toEqual(['mask', 'x'])
  })
})
