import type { NamedAttrMap, NamedTensorMap, Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'

/** A kernel put together from others; the tensors are the engine's own, whatever a kernel's type says. */
type Composed = (inputs: NamedTensorMap, attributes: NamedAttrMap) => Tensor

type Shape4D = [number, number, number, number]

/** How the windows of a convolution lie. */
function windowsOf(input: number[], filter: number[], attributes: NamedAttrMap, isDepthwise = false) {
  if (attributes['dataFormat'] === 'NCHW') {
    throw new Error("The gradient of a convolution is supplied for dataFormat 'NHWC' only.")
  }
  return tf.backend_util.computeConv2DInfo(
    input as Shape4D,
    filter as Shape4D,
    attributes['strides'] as [number, number],
    1,
    attributes['pad'] as 'same',
    attributes['dimRoundingMode'] as 'floor',
    isDepthwise,
  )
}

type Windows = ReturnType<typeof windowsOf>

/** From the first row and column of the first window to the last ones of the last window. */
const extentOf = (w: Windows): [number, number] => [
  (w.outHeight - 1) * w.strideHeight + w.filterHeight,
  (w.outWidth - 1) * w.strideWidth + w.filterWidth,
]

/** Rows and columns from `[first row, first column]` on, zero where `x` has none. */
function framed(x: Tensor4D, [top, left]: [number, number], [height, width]: [number, number]): Tensor4D {
  const [batch, rows, columns, channels] = x.shape
  const paddings = [
    [Math.max(-top, 0), Math.max(top + height - rows, 0)],
    [Math.max(-left, 0), Math.max(left + width - columns, 0)],
  ] as const
  const padded = tf.pad(x, [[0, 0], ...paddings.map(([a, b]): [number, number] => [a, b]), [0, 0]])
  return tf.slice(
    padded,
    [0, Math.max(top, 0), Math.max(left, 0), 0],
    [batch, height, width, channels],
  ) as Tensor4D
}

/** What the windows lie over, `[batch, height, width, channels]`. */
const underWindows = (x: Tensor4D, w: Windows): Tensor4D =>
  framed(x, [-w.padInfo.top, -w.padInfo.left], extentOf(w))

/**
 * The gradient of a filter is a convolution too: of the input by the output's gradient, whose places lie strides apart, with
 * channels and batch in each other's place.
 */
const convolutionFilter: Composed = ({ x, dy }, attributes) => {
  const w = windowsOf(x!.shape, attributes['filterShape'] as number[], attributes)
  const pictures = tf.transpose(underWindows(x as Tensor4D, w), [3, 1, 2, 0])
  const filters = tf.transpose(dy as Tensor4D, [1, 2, 0, 3])
  const apart: [number, number] = [w.strideHeight, w.strideWidth]
  return tf.transpose(tf.conv2d(pictures, filters, 1, 'valid', 'NHWC', apart), [1, 2, 0, 3])
}

/** For every place of the filter what it saw times what came of it, summed over pictures and windows. */
const depthwiseFilter: Composed = ({ x, dy }, attributes) => {
  const shape = attributes['filterShape'] as Shape4D
  const [, , channels, multiplier] = shape
  const w = windowsOf(x!.shape, shape, attributes, true)
  const seen = underWindows(x as Tensor4D, w)
  const places = [w.batchSize, w.outHeight, w.outWidth]
  const came = tf.reshape(dy!, [...places, channels, multiplier])
  const sums: Tensor[] = []
  for (let row = 0; row < w.filterHeight; row++) {
    for (let column = 0; column < w.filterWidth; column++) {
      const end = [
        row + (w.outHeight - 1) * w.strideHeight + 1,
        column + (w.outWidth - 1) * w.strideWidth + 1,
      ]
      const view = tf.stridedSlice(
        seen,
        [0, row, column, 0],
        [w.batchSize, ...end, channels],
        [1, w.strideHeight, w.strideWidth, 1],
      )
      sums.push(tf.sum(tf.mul(tf.reshape(view, [...places, channels, 1]), came), [0, 1, 2]))
    }
  }
  return tf.reshape(tf.stack(sums), shape)
}

/** The output's gradient, its places strides apart with zeros between them, by the filter turned round. */
const depthwiseInput: Composed = ({ dy, filter }, attributes) => {
  const inputShape = attributes['inputShape'] as Shape4D
  const [height, width, channels, multiplier] = filter!.shape as Shape4D
  const w = windowsOf(inputShape, filter!.shape, attributes, true)
  const all = channels * multiplier
  const [rows, columns] = [w.outHeight * w.strideHeight, w.outWidth * w.strideWidth]
  const apart = tf.pad(tf.reshape(dy!, [w.batchSize * w.outHeight, 1, w.outWidth, 1, all]), [
    [0, 0],
    [0, w.strideHeight - 1],
    [0, 0],
    [0, w.strideWidth - 1],
    [0, 0],
  ])
  const from: [number, number] = [w.padInfo.top - height + 1, w.padInfo.left - width + 1]
  const reached = framed(tf.reshape(apart, [w.batchSize, rows, columns, all]), from, [
    inputShape[1] + height - 1,
    inputShape[2] + width - 1,
  ])
  const turned = tf.reshape(tf.reverse(filter!, [0, 1]), [height, width, all, 1]) as Tensor4D
  const spread = tf.depthwiseConv2d(reached, turned, 1, 'valid')
  return tf.sum(tf.reshape(spread, [...inputShape, multiplier]), 4)
}

/** Rows summed by segment in JavaScript: a product with a one-hot matrix would cost segments x rows x their length. */
const segmentSum: Composed = ({ x, segmentIds }, attributes) => {
  const segments = attributes['numSegments'] as number
  const inner = x!.shape.slice(segmentIds!.rank)
  const length = inner.reduce((size, axis) => size * axis, 1)
  const [source, ids] = [x!.dataSync(), segmentIds!.dataSync()]
  const sums = new Float32Array(segments * length)
  for (const [row, id] of ids.entries()) {
    if (id < 0 || id >= segments) continue
    for (let i = 0; i < length; i++) sums[id * length + i]! += source[row * length + i]!
  }
  return tf.tensor(sums, [segments, ...inner])
}

/** By backend the kernels that gradients need and it lacks. */
const missing: Readonly<Record<string, Readonly<Record<string, Composed>>>> = {
  wasm: {
    Conv2DBackpropFilter: convolutionFilter,
    DepthwiseConv2dNativeBackpropFilter: depthwiseFilter,
    DepthwiseConv2dNativeBackpropInput: depthwiseInput,
    UnsortedSegmentSum: segmentSum,
  },
}

/** Gives backends the kernels of {@link missing} that they still lack; one that a backend brings itself goes before. */
export function supplyKernels(): void {
  for (const [backendName, kernels] of Object.entries(missing)) {
    for (const [kernelName, composed] of Object.entries(kernels)) {
      if (tf.getKernel(kernelName, backendName)) continue
      tf.registerKernel({
        kernelName,
        backendName,
        kernelFunc: ({ inputs, attrs }) => tf.tidy(() => composed(inputs as NamedTensorMap, attrs ?? {})),
      })
    }
  }
}
