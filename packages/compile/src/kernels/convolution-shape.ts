import { backend_util } from '@tensorflow/tfjs-core'
import { pad, slice, transpose } from '../graph/operators'
import type { Value } from '../graph/value'

/** The attributes of tfjs's convolutions. */
export interface ConvolutionAttributes {
  strides: [number, number] | number
  pad: 'valid' | 'same' | number | backend_util.ExplicitPadding
  dilations?: [number, number] | number | null
  dataFormat?: 'NHWC' | 'NCHW'
  dimRoundingMode?: 'floor' | 'round' | 'ceil'
}

/** The attributes of tfjs's poolings. */
export interface PoolingAttributes extends Omit<ConvolutionAttributes, 'dilations' | 'dataFormat'> {
  filterSize: [number, number] | number
}

/** Where the windows of a convolution or pooling lie; pairs are along height and width. */
export interface Windows {
  batch: number
  /** Channels of the input and of the output. */
  inside: number
  outside: number
  /** Lengths of the input as far as windows may lie over it. */
  input: readonly [number, number]
  /** Lengths of all of it. */
  whole: readonly [number, number]
  output: readonly [number, number]
  kernel: readonly [number, number]
  strides: readonly [number, number]
  dilations: readonly [number, number]
  /** Rows and columns before the input that windows reach. */
  before: readonly [number, number]
  /** The same after it; below 0 where no window reaches the last rows or columns. */
  after: readonly [number, number]
}

/** Order of the axes: tfjs's own, `[batch, height, width, channels]`, or ONNX's, `[batch, channels, height, width]`. */
export type Format = 'channelsLast' | 'channelsFirst'

/** The order that tfjs's attribute asks for. */
export const formatOf = ({ dataFormat = 'NHWC' }: ConvolutionAttributes): Format =>
  dataFormat === 'NHWC' ? 'channelsLast' : 'channelsFirst'

/** The windows of a convolution of `input` with a filter `[height, width, inside, outside]`. */
export function convolutionWindows(
  input: readonly number[],
  filter: readonly number[],
  attributes: ConvolutionAttributes,
  depthwise = false,
): Windows {
  const { strides, pad, dilations, dimRoundingMode } = attributes
  return windowsOf(
    backend_util.computeConv2DInfo(
      [...input] as [number, number, number, number],
      [...filter] as [number, number, number, number],
      strides,
      dilations ?? 1,
      pad,
      dimRoundingMode,
      depthwise,
      formatOf(attributes),
    ),
  )
}

/** The windows of a pooling of `input`, channels last. */
export function poolingWindows(input: readonly number[], attributes: PoolingAttributes): Windows {
  const { filterSize, strides, pad, dimRoundingMode } = attributes
  const shape = [...input] as [number, number, number, number]
  return windowsOf(backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode))
}

function windowsOf(info: backend_util.Conv2DInfo): Windows {
  const { padInfo } = info
  const whole = [info.inHeight, info.inWidth] as const
  const output = [info.outHeight, info.outWidth] as const
  const kernel = [info.filterHeight, info.filterWidth] as const
  const strides = [info.strideHeight, info.strideWidth] as const
  const dilations = [info.dilationHeight, info.dilationWidth] as const
  const before = [padInfo.top, padInfo.left] as const
  // How far the last window reaches, which rounding up makes more than the padding and rounding down less.
  const reach = (axis: 0 | 1): number =>
    (output[axis] - 1) * strides[axis] + (kernel[axis] - 1) * dilations[axis] + 1 - whole[axis] - before[axis]
  // Where there is room for more windows, as there is when padding is a number and strides differ (tfjs then takes
  // those along the height for both), the input ends for ONNX where tfjs stops.
  const part = (axis: 0 | 1): [number, number] => {
    const [length, after] = [whole[axis], reach(axis)]
    return after <= -strides[axis] ? [length + after, 0] : [length, after]
  }
  const [[height, below], [width, right]] = [part(0), part(1)]
  return {
    batch: info.batchSize,
    inside: info.inChannels,
    outside: info.outChannels,
    input: [height, width],
    whole,
    output,
    kernel,
    strides,
    dilations,
    before,
    after: [below, right],
  }
}

/** That part of an input `[batch, channels, height, width]` over which the windows lie. */
export const takePart = (x: Value, { batch, input }: Windows): Value =>
  slice(x, [0, 0, 0, 0], [batch, x.shape[1]!, ...input])

/** The gradient of an input from that of the part over which the windows lie: zero elsewhere. */
export function fillRest(gradient: Value, { whole }: Windows): Value {
  const rest = whole.map((length, axis) => length - gradient.shape[axis + 2]!)
  return pad(gradient, [
    [0, 0],
    [0, 0],
    [0, rest[0]!],
    [0, rest[1]!],
  ])
}

/** Windows as the attributes of ONNX's convolutions and poolings. */
export const windowAttributes = ({ kernel, strides, dilations, before, after }: Windows) => ({
  kernel_shape: kernel,
  strides,
  dilations,
  pads: [...before, ...after.map(reach => Math.max(reach, 0))],
})

/** ONNX's order of the axes. */
export const toChannelsFirst = (x: Value, format: Format = 'channelsLast'): Value =>
  format === 'channelsLast' ? transpose(x, [0, 3, 1, 2]) : x

/** Back to the order that was given. */
export const fromChannelsFirst = (x: Value, format: Format = 'channelsLast'): Value =>
  format === 'channelsLast' ? transpose(x, [0, 2, 3, 1]) : x
