import { node } from '../graph/nodes'
import { add, reshape } from '../graph/operators'
import type { Value } from '../graph/value'
import { type Activation, activate } from './activate'
import {
  type ConvolutionAttributes,
  convolutionWindows,
  type Format,
  formatOf,
  fromChannelsFirst,
  takePart,
  toChannelsFirst,
  windowAttributes,
} from './convolution-shape'
import { rememberFilter, tapsLast, toOihw } from './filters'
import { lower } from './lower'

/** A convolution, channels first inside; `bias` has one number for every channel of the output. */
function convolve(x: Value, filter: Value, attributes: ConvolutionAttributes, bias?: Value): Value {
  const format = formatOf(attributes)
  const windows = convolutionWindows(x.shape, filter.shape, attributes)
  rememberFilter(x, filter)
  const shape = [windows.batch, windows.outside, ...windows.output]
  const inputs = [takePart(toChannelsFirst(x, format), windows), toOihw(filter), ...(bias ? [bias] : [])]
  const map = node(
    'Conv',
    inputs,
    { shape, type: 'float32' },
    { attributes: { ...windowAttributes(windows), group: 1 } },
  )
  return fromChannelsFirst(map, format)
}

/** Every channel with filters of its own, `[height, width, inside, multiplier]`. */
function convolveDepthwise(x: Value, filter: Value, attributes: ConvolutionAttributes, bias?: Value): Value {
  const format = formatOf(attributes)
  const windows = convolutionWindows(x.shape, filter.shape, attributes, true)
  const [height, width, inside, multiplier] = filter.shape as [number, number, number, number]
  const weights = tapsLast(reshape(filter, [height * width, inside, multiplier]))
  const shape = [windows.batch, windows.outside, ...windows.output]
  const inputs = [
    takePart(toChannelsFirst(x, format), windows),
    reshape(weights, [inside * multiplier, 1, height, width]),
    ...(bias ? [bias] : []),
  ]
  const map = node(
    'Conv',
    inputs,
    { shape, type: 'float32' },
    { attributes: { ...windowAttributes(windows), group: inside } },
  )
  return fromChannelsFirst(map, format)
}

lower<ConvolutionAttributes>('Conv2D', ({ x, filter }, attributes) => convolve(x!, filter!, attributes))
lower<ConvolutionAttributes>('DepthwiseConv2dNative', ({ x, filter }, attributes) =>
  convolveDepthwise(x!, filter!, attributes),
)

for (const [kernel, convolution] of [
  ['FusedConv2D', convolve],
  ['FusedDepthwiseConv2D', convolveDepthwise],
] as const) {
  lower<ConvolutionAttributes & Activation>(
    kernel,
    ({ x, filter, bias, preluActivationWeights }, attributes) => {
      const format = formatOf(attributes)
      const channels = kernel === 'FusedConv2D' ? filter!.shape[3]! : filter!.shape[2]! * filter!.shape[3]!
      const isPerChannel = bias?.shape.length === 1 && bias.shape[0] === channels
      const map = convolution(x!, filter!, attributes, isPerChannel ? bias : undefined)
      const biased = bias && !isPerChannel ? add(map, perChannel(bias, format)) : map
      return activate(
        biased,
        attributes,
        preluActivationWeights && perChannel(preluActivationWeights, format),
      )
    },
  )
}

/** A vector with one number for every channel so that it broadcasts against a map. */
const perChannel = (x: Value, format: Format): Value =>
  format === 'channelsFirst' && x.shape.length === 1 && x.shape[0] !== 1 ? reshape(x, [x.shape[0]!, 1, 1]) : x
