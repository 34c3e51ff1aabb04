import { node } from '../graph/nodes'
import { concat, reshape, transpose } from '../graph/operators'
import { adjointPads, spread } from './convolution-gradients'
import {
  type ConvolutionAttributes,
  convolutionWindows,
  fillRest,
  formatOf,
  fromChannelsFirst,
  takePart,
  toChannelsFirst,
} from './convolution-shape'
import { tapViews } from './filter-gradient'
import { tapsLast } from './filters'
import { lower } from './lower'

lower<ConvolutionAttributes & { inputShape: number[] }>(
  'DepthwiseConv2dNativeBackpropInput',
  ({ dy, filter }, attributes) => {
    const format = formatOf(attributes)
    const windows = convolutionWindows(
      attributes.inputShape,
      filter!.shape,
      { ...attributes, dilations: 1 },
      true,
    )
    const [height, width, inside, multiplier] = filter!.shape as [number, number, number, number]
    const first = toChannelsFirst(dy!, format)
    const taps = reshape(filter!, [height * width, inside, multiplier])
    const pads = adjointPads(windows)
    if (!pads) {
      const weights = reshape(tapsLast(taps), [inside * multiplier, 1, height, width])
      return fromChannelsFirst(fillRest(spread(first, weights, windows, inside), windows), format)
    }
    const gradient = node(
      'Conv',
      [first, reshape(tapsLast(taps, true), [inside, multiplier, height, width])],
      { shape: [windows.batch, inside, ...windows.input], type: 'float32' },
      {
        attributes: { kernel_shape: windows.kernel, strides: [1, 1], dilations: [1, 1], pads, group: inside },
      },
    )
    return fromChannelsFirst(fillRest(gradient, windows), format)
  },
)

lower<ConvolutionAttributes & { filterShape: number[] }>(
  'DepthwiseConv2dNativeBackpropFilter',
  ({ x, dy }, attributes) => {
    const format = formatOf(attributes)
    const windows = convolutionWindows(
      x!.shape,
      attributes.filterShape,
      { ...attributes, dilations: 1 },
      true,
    )
    const [height, width, inside, multiplier] = attributes.filterShape as [number, number, number, number]
    const places = windows.batch * windows.output[0] * windows.output[1]
    // For every channel by itself: what each tap saw times what came of it.
    const views = tapViews(transpose(takePart(toChannelsFirst(x!, format), windows), [1, 0, 2, 3]), windows)
    const seen = concat(
      views.map(view => reshape(view, [inside, 1, places])),
      1,
    )
    const came = reshape(transpose(toChannelsFirst(dy!, format), [1, 0, 2, 3]), [inside, multiplier, places])
    const product = node(
      'FusedMatMul',
      [seen, came],
      { shape: [inside, height * width, multiplier], type: 'float32' },
      { domain: 'com.microsoft', attributes: { transA: 0, transB: 1 } },
    )
    return reshape(transpose(product, [1, 0, 2]), [height, width, inside, multiplier])
  },
)
