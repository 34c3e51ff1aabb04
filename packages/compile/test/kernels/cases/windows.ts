import { backend_util } from '@tensorflow/tfjs-core'
import type { KernelCase, KernelCases } from '../kernel-case'
import { floats, given, ints, type Sample } from '../sample'

/** How the windows of one convolution lie. */
interface Convolution {
  input: [number, number, number, number]
  kernel: [number, number]
  outside: number
  strides: [number, number]
  pad: 'same' | 'valid' | number | backend_util.ExplicitPadding
  dilations?: [number, number]
}

const CONVOLUTIONS: readonly Convolution[] = [
  { input: [2, 7, 6, 3], kernel: [3, 3], outside: 4, strides: [1, 1], pad: 'same' },
  { input: [2, 7, 6, 20], kernel: [3, 2], outside: 5, strides: [1, 1], pad: 'valid' },
  { input: [2, 8, 9, 20], kernel: [3, 3], outside: 4, strides: [2, 2], pad: 'same' },
  { input: [1, 9, 9, 3], kernel: [4, 4], outside: 4, strides: [3, 2], pad: 1 },
  { input: [2, 5, 5, 18], kernel: [1, 1], outside: 4, strides: [1, 1], pad: 'same' },
  { input: [2, 6, 5, 18], kernel: [1, 1], outside: 4, strides: [2, 2], pad: 'same' },
  { input: [3, 2, 2, 17], kernel: [2, 2], outside: 40, strides: [1, 1], pad: 'same' },
  // Padding that a reversed filter cannot have.
  {
    input: [1, 4, 4, 2],
    kernel: [1, 1],
    outside: 2,
    strides: [1, 1],
    pad: [
      [0, 0],
      [1, 0],
      [0, 1],
      [0, 0],
    ],
  },
]
const DILATED: Convolution = {
  input: [2, 8, 8, 3],
  kernel: [3, 3],
  outside: 4,
  strides: [1, 1],
  pad: 'same',
  dilations: [2, 1],
}
const FEW = CONVOLUTIONS.filter(({ outside }) => outside === 4 || outside === 2)

const attributesOf = (
  { strides, pad, dilations = [1, 1] }: Convolution,
  dataFormat: 'NHWC' | 'NCHW' = 'NHWC',
) => ({
  strides,
  pad,
  dilations,
  dataFormat,
})
const filterShape = ({ kernel, input, outside }: Convolution): number[] => [...kernel, input[3], outside]
const depthwiseShape = ({ kernel, input }: Convolution, multiplier: number): number[] => [
  ...kernel,
  input[3],
  multiplier,
]

function outputShape(
  { input, strides, pad, dilations = [1, 1] }: Convolution,
  filter: number[],
  depthwise = false,
) {
  const shape = filter as [number, number, number, number]
  return backend_util.computeConv2DInfo(input, shape, strides, dilations, pad, undefined, depthwise).outShape
}

const channelsFirst = ([batch, height, width, channels]: readonly number[]): number[] =>
  [batch, channels, height, width] as number[]

const fused = ['linear', 'relu', 'prelu'].flatMap(activation =>
  ['NHWC', 'NCHW'].map(format => ({ activation, format: format as 'NHWC' | 'NCHW' })),
)

/** The gradients of a convolution as tfjs's ops call the kernels. */
const backward = (convolution: Convolution, filter: number[], depthwise = false) => {
  const dy = floats(outputShape(convolution, filter, depthwise))
  return { dy, attributes: attributesOf(convolution) }
}

const pooled = (
  x: Sample,
  filterSize: number[],
  strides: number[],
  pad: unknown,
  rounding?: string,
): KernelCase => ({
  inputs: { x },
  attributes: { filterSize, strides, pad, dimRoundingMode: rounding },
})
const POOLINGS = [
  pooled(floats([2, 8, 6, 3]), [2, 2], [2, 2], 'valid'),
  // Many equal numbers, of which the first is the greatest.
  pooled({ ...ints([2, 7, 7, 3], 0, 2), dtype: 'float32' }, [2, 2], [2, 2], 'valid'),
  pooled({ ...ints([1, 7, 7, 2], 0, 2), dtype: 'float32' }, [3, 3], [3, 3], 'same'),
  pooled(floats([2, 9, 9, 3]), [3, 3], [2, 2], 'same'),
  pooled({ ...ints([1, 9, 8, 2], 0, 3), dtype: 'float32' }, [3, 2], [2, 1], 1),
  pooled(floats([1, 5, 5, 2]), [3, 3], [1, 1], 'same'),
  pooled(floats([1, 4, 4, 2]), [4, 4], [4, 4], 'valid'),
  pooled(floats([1, 6, 4, 2]), [2, 1], [2, 1], 'valid'),
  // Windows that reach over three of the next ones, and some with gaps between them.
  pooled({ ...ints([1, 9, 7, 2], 0, 3), dtype: 'float32' }, [5, 3], [2, 1], 'same'),
  pooled({ ...ints([1, 8, 7, 2], 0, 3), dtype: 'float32' }, [2, 1], [3, 2], 'valid'),
]
const rounded = pooled(floats([1, 7, 7, 2]), [2, 2], [2, 2], 0, 'ceil')

function poolingBackward({ inputs, attributes }: KernelCase, withOutput: boolean): KernelCase {
  const { x } = inputs as { x: Sample }
  const { filterSize, strides, pad } = attributes as {
    filterSize: [number, number]
    strides: [number, number]
    pad: 'same'
  }
  const shape = [...x.shape] as [number, number, number, number]
  const info = backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad)
  const dy = floats(info.outShape)
  return { inputs: { dy, input: x, ...(withOutput ? { output: maxima(x, info) } : {}) }, attributes }
}

/** The greatest number of every window. */
function maxima({ values, shape }: Sample, info: backend_util.Conv2DInfo): Sample {
  const [, height, width, channels] = shape as [number, number, number, number]
  const [batch, rows, columns] = info.outShape as [number, number, number, number]
  const tops: number[] = []
  for (let n = 0; n < batch; n++)
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++)
        for (let c = 0; c < channels; c++) {
          let top = Number.NEGATIVE_INFINITY
          for (let i = 0; i < info.filterHeight; i++)
            for (let j = 0; j < info.filterWidth; j++) {
              const [y, x] = [
                row * info.strideHeight - info.padInfo.top + i,
                column * info.strideWidth - info.padInfo.left + j,
              ]
              if (y < 0 || x < 0 || y >= height || x >= width) continue
              top = Math.max(top, Math.fround(values[((n * height + y) * width + x) * channels + c]!))
            }
          tops.push(top)
        }
  return given(tops, info.outShape)
}

/** To more and to fewer places, with corners or middles of pixels in line, and to a single one. */
const resizings = (x: Sample): KernelCase[] =>
  [
    [4, 9],
    [11, 3],
    [1, 1],
  ].flatMap(size =>
    [
      { alignCorners: false, halfPixelCenters: false },
      { alignCorners: true, halfPixelCenters: false },
      { alignCorners: false, halfPixelCenters: true },
    ].map(how => ({ inputs: { images: x }, attributes: { ...how, size } })),
  )

/** Convolutions, poolings, resizings and batch norm. */
export const windowCases: KernelCases = {
  Conv2D: [...CONVOLUTIONS, DILATED].flatMap(convolution => [
    {
      inputs: { x: floats(convolution.input), filter: floats(filterShape(convolution)) },
      attributes: attributesOf(convolution),
    },
    ...(Array.isArray(convolution.pad)
      ? []
      : [
          {
            inputs: { x: floats(channelsFirst(convolution.input)), filter: floats(filterShape(convolution)) },
            attributes: attributesOf(convolution, 'NCHW'),
          },
        ]),
  ]),
  FusedConv2D: fused.map(({ activation, format }) => {
    const convolution = CONVOLUTIONS[0]!
    const { input, outside } = convolution
    return {
      inputs: {
        x: floats(format === 'NHWC' ? input : channelsFirst(input)),
        filter: floats(filterShape(convolution)),
        bias: floats([outside]),
        ...(activation === 'prelu' ? { preluActivationWeights: floats([outside]) } : {}),
      },
      attributes: { ...attributesOf(convolution, format), activation },
    }
  }),
  Conv2DBackpropInput: CONVOLUTIONS.map(convolution => {
    const { dy, attributes } = backward(convolution, filterShape(convolution))
    return {
      inputs: { dy, filter: floats(filterShape(convolution)) },
      attributes: { ...attributes, inputShape: convolution.input },
    }
  }),
  Conv2DBackpropFilter: CONVOLUTIONS.map(convolution => {
    const { dy, attributes } = backward(convolution, filterShape(convolution))
    return {
      inputs: { x: floats(convolution.input), dy },
      attributes: { ...attributes, filterShape: filterShape(convolution) },
    }
  }),
  DepthwiseConv2dNative: [...FEW, DILATED].flatMap(convolution =>
    [1, 2].map(multiplier => ({
      inputs: { x: floats(convolution.input), filter: floats(depthwiseShape(convolution, multiplier)) },
      attributes: attributesOf(convolution),
    })),
  ),
  FusedDepthwiseConv2D: ['linear', 'relu6'].map(activation => ({
    inputs: {
      x: floats(CONVOLUTIONS[0]!.input),
      filter: floats(depthwiseShape(CONVOLUTIONS[0]!, 2)),
      bias: floats([6]),
    },
    attributes: { ...attributesOf(CONVOLUTIONS[0]!), activation },
  })),
  DepthwiseConv2dNativeBackpropInput: FEW.flatMap(convolution =>
    [1, 2].map(multiplier => {
      const filter = depthwiseShape(convolution, multiplier)
      const { dy, attributes } = backward(convolution, filter, true)
      return {
        inputs: { dy, filter: floats(filter) },
        attributes: { ...attributes, inputShape: convolution.input },
      }
    }),
  ),
  DepthwiseConv2dNativeBackpropFilter: FEW.flatMap(convolution =>
    [1, 2].map(multiplier => {
      const filter = depthwiseShape(convolution, multiplier)
      const { dy, attributes } = backward(convolution, filter, true)
      return {
        inputs: { x: floats(convolution.input), dy },
        attributes: { ...attributes, filterShape: filter },
      }
    }),
  ),
  MaxPool: [...POOLINGS, rounded],
  AvgPool: [...POOLINGS, rounded],
  MaxPoolGrad: POOLINGS.map(pooling => poolingBackward(pooling, true)),
  AvgPoolGrad: POOLINGS.map(pooling => poolingBackward(pooling, false)),
  ResizeBilinear: [...resizings(floats([2, 5, 6, 3])), ...resizings(ints([1, 4, 4, 1]))],
  ResizeNearestNeighbor: [...resizings(floats([2, 5, 6, 3])), ...resizings(ints([1, 4, 4, 1]))],
  FusedBatchNorm: [
    {
      inputs: {
        x: floats([2, 3, 4, 5]),
        mean: floats([5]),
        variance: floats([5], 0.1, 2),
        offset: floats([5]),
        scale: floats([5]),
      },
      attributes: { varianceEpsilon: 1e-3 },
    },
    {
      inputs: { x: floats([2, 3]), mean: floats([3]), variance: floats([3], 0.1, 2) },
      attributes: { varianceEpsilon: 0.1 },
    },
  ],
}
