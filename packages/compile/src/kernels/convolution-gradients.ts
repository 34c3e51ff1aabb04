import { node } from '../graph/nodes'
import { slice } from '../graph/operators'
import type { Value } from '../graph/value'
import {
  type ConvolutionAttributes,
  convolutionWindows,
  fillRest,
  formatOf,
  fromChannelsFirst,
  takePart,
  toChannelsFirst,
  type Windows,
} from './convolution-shape'
import { filterGradient } from './filter-gradient'
import { rememberedLayout, toAdjoint, toOihw } from './filters'
import { lower } from './lower'

lower<ConvolutionAttributes & { filterShape: number[] }>('Conv2DBackpropFilter', ({ x, dy }, attributes) => {
  const format = formatOf(attributes)
  const windows = convolutionWindows(x!.shape, attributes.filterShape, { ...attributes, dilations: 1 })
  const layout = rememberedLayout(x!, attributes.filterShape)
  const first = takePart(toChannelsFirst(x!, format), windows)
  return filterGradient(first, toChannelsFirst(dy!, format), windows, layout)
})

lower<ConvolutionAttributes & { inputShape: number[] }>(
  'Conv2DBackpropInput',
  ({ dy, filter }, attributes) => {
    const format = formatOf(attributes)
    const windows = convolutionWindows(attributes.inputShape, filter!.shape, { ...attributes, dilations: 1 })
    // A gradient larger than the output of that input is cut off, as in tfjs.
    const first = slice(
      toChannelsFirst(dy!, format),
      [0, 0, 0, 0],
      [windows.batch, windows.outside, ...windows.output],
    )
    const pads = adjointPads(windows)
    const gradient = pads ? adjoint(first, filter!, windows, pads) : spread(first, toOihw(filter!), windows)
    return fromChannelsFirst(fillRest(gradient, windows), format)
  },
)

/** The padding under which the gradient is a convolution itself, which it is where there are no strides. */
export function adjointPads({ strides, kernel, before, after }: Windows): number[] | undefined {
  const pads = [...before, ...after].map((reach, i) => kernel[i % 2]! - 1 - reach)
  return strides.every(step => step === 1) && pads.every(amount => amount >= 0) ? pads : undefined
}

function adjoint(dy: Value, filter: Value, { batch, inside, input, kernel }: Windows, pads: number[]): Value {
  const attributes = { kernel_shape: kernel, strides: [1, 1], dilations: [1, 1], pads, group: 1 }
  return node(
    'Conv',
    [dy, toAdjoint(filter)],
    { shape: [batch, inside, ...input], type: 'float32' },
    { attributes },
  )
}

/** Every number of the output's gradient spread over the window it came from; `group` as in the convolution. */
export function spread(dy: Value, weights: Value, windows: Windows, group = 1): Value {
  const { batch, inside, input, kernel, strides, before, after } = windows
  const attributes = {
    kernel_shape: kernel,
    strides,
    dilations: [1, 1],
    pads: [...before, ...after.map(reach => Math.max(reach, 0))],
    // Rows and columns that no window reached.
    output_padding: after.map(reach => Math.max(-reach, 0)),
    group,
  }
  const spec = { shape: [batch, inside, ...input], type: 'float32' as const }
  return node('ConvTranspose', [dy, weights], spec, { attributes })
}
