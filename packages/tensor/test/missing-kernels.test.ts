/** @vitest-environment-options { "processOf": "missing-kernels" } */
import '@tensorflow/tfjs-backend-cpu'
import '@tensorflow/tfjs-backend-wasm'
import { normal } from '@mafjs/tensor'
import { registerGradients } from '@mafjs/tensor/gradients'
import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'

const before = tf.getKernelsForBackend('wasm').map(({ kernelName }) => kernelName)
registerGradients()
const supplied = tf
  .getKernelsForBackend('wasm')
  .map(({ kernelName }) => kernelName)
  .filter(name => !before.includes(name))

type Shape = [number, number, number, number]
type Pad = 'same' | 'valid' | number | tf.backend_util.ExplicitPadding

/** Pictures, the filter's height, width and last length, strides, and padding. */
const WINDOWS: [input: Shape, filter: [number, number, number], strides: [number, number], pad: Pad][] = [
  [[2, 7, 6, 3], [3, 3, 4], [1, 1], 'same'],
  [[3, 8, 9, 2], [3, 2, 3], [2, 2], 'same'],
  // Rows and columns that no window reaches, and strides longer than the filter.
  [[1, 9, 9, 3], [4, 4, 2], [3, 2], 1],
  [[2, 6, 7, 2], [1, 1, 3], [2, 3], 'valid'],
  [[2, 5, 5, 2], [5, 5, 2], [1, 1], 'same'],
  // Padding wider than the filter.
  [
    [1, 4, 5, 2],
    [2, 2, 3],
    [1, 2],
    [
      [0, 0],
      [2, 0],
      [0, 3],
      [0, 0],
    ],
  ],
]

const draw = (shape: number[], site: string): tf.Tensor =>
  tf.tensor(
    normal(
      shape.reduce((size, length) => size * length, 1),
      { seed: 5, site },
    ),
    shape,
  )

interface Call {
  kernel: string
  inputs: Record<string, number[]>
  attributes: object
}

function windowCalls(kernel: string, isDepthwise: boolean): Call[] {
  return WINDOWS.map(([input, [height, width, last], strides, pad]) => {
    const filterShape = [height, width, input[3], last] as Shape
    const info = tf.backend_util.computeConv2DInfo(
      ...([input, filterShape, strides, 1, pad, undefined, isDepthwise] as const),
    )
    const attributes = { strides, pad, dataFormat: 'NHWC', dilations: [1, 1] }
    const ofFilter = kernel.endsWith('Filter')
    const inputs: Call['inputs'] = ofFilter ? { x: input } : { filter: filterShape }
    return {
      kernel,
      inputs: { ...inputs, dy: info.outShape },
      attributes: { ...attributes, ...(ofFilter ? { filterShape } : { inputShape: input }) },
    }
  })
}

const calls: Record<string, Call[]> = {
  Conv2DBackpropFilter: windowCalls('Conv2DBackpropFilter', false),
  DepthwiseConv2dNativeBackpropFilter: windowCalls('DepthwiseConv2dNativeBackpropFilter', true),
  DepthwiseConv2dNativeBackpropInput: windowCalls('DepthwiseConv2dNativeBackpropInput', true),
}

async function compute({ kernel, inputs, attributes }: Call, backend: string): Promise<number[]> {
  await tf.setBackend(backend)
  const given = Object.fromEntries(Object.entries(inputs).map(([name, shape]) => [name, draw(shape, name)]))
  const kept = tf.memory().numTensors
  const result = tf.engine().runKernel(kernel, given, attributes as tf.NamedAttrMap) as tf.Tensor
  expect(tf.memory().numTensors - kept).toBe(1)
  return [...result.shape, ...(await result.data())]
}

const farthest = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((value, i) => Math.abs(value - b[i]!))) / Math.max(...b.map(Math.abs))

describe('on wasm', () => {
  test('what it lacks is supplied, and tested here', () => {
    expect(supplied.sort()).toEqual([...Object.keys(calls), 'UnsortedSegmentSum'].sort())
  })

  test.each(Object.keys(calls))('%s is what cpu computes', async kernel => {
    for (const call of calls[kernel]!) {
      const [actual, expected] = [await compute(call, 'wasm'), await compute(call, 'cpu')]
      expect(actual).toHaveLength(expected.length)
      expect(farthest(actual, expected), JSON.stringify(call)).toBeLessThan(1e-5)
    }
  })

  test('UnsortedSegmentSum is what cpu computes, without the ids outside', async () => {
    const sums: number[][] = []
    for (const backend of ['wasm', 'cpu']) {
      await tf.setBackend(backend)
      const ids = tf.tensor1d([2, 0, -1, 2, 5], 'int32')
      sums.push(Array.from(await tf.unsortedSegmentSum(draw([5, 2, 3], 'x'), ids, 4).data()))
    }
    expect(sums[0]).toHaveLength(24)
    expect(farthest(sums[0]!, sums[1]!)).toBeLessThan(1e-6)
  })

  test('the gradient of max pooling goes to the first of equal numbers, and to one below 0 too', async () => {
    await tf.setBackend('wasm')
    const x = tf.tensor4d([-3, -1, -1, -2, 0, 0, 5, 5], [1, 2, 4, 1])
    const slopes = tf.grad(x => tf.sum(tf.maxPool(x as tf.Tensor4D, [1, 2], [1, 2], 'valid')))(x)
    expect(Array.from(await slopes.data())).toEqual([0, 1, 1, 0, 1, 0, 1, 0])
  })

  test('a network trains: a fused convolution, a depthwise one, pooling, and a gather', async () => {
    const shapes = { filter: [3, 3, 2, 4], depthwise: [3, 3, 4, 2], table: [6, 8] }
    const gradients: number[][] = []
    for (const backend of ['wasm', 'cpu']) {
      await tf.setBackend(backend)
      const loss = (...[filter, depthwise, table]: tf.Tensor[]): tf.Scalar => {
        const x = draw([2, 8, 8, 2], 'x') as tf.Tensor4D
        // Without an activation its gradient calls the kernel by itself.
        const map = tf.fused.conv2d({ x, filter: filter as tf.Tensor4D, strides: 1, pad: 1 })
        const wide = tf.depthwiseConv2d(map, depthwise as tf.Tensor4D, 2, 'same')
        const pooled = tf.mean(tf.maxPool(wide as tf.Tensor4D, 3, 2, 'same'), [1, 2])
        const rows = tf.gather(table!, tf.tensor1d([4, 4], 'int32'))
        return tf.mean(tf.square(tf.add(pooled, rows))) as tf.Scalar
      }
      const given = Object.entries(shapes).map(([name, shape]) => draw(shape, name))
      const read: number[] = []
      for (const gradient of tf.grads(loss)(given)) read.push(...(await gradient.data()))
      gradients.push(read)
    }
    expect(farthest(gradients[0]!, gradients[1]!)).toBeLessThan(1e-5)
  })
})
