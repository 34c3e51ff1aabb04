import { node } from '../graph/nodes'
import {
  fromChannelsFirst,
  type PoolingAttributes,
  poolingWindows,
  takePart,
  toChannelsFirst,
  windowAttributes,
} from './convolution-shape'
import { lower } from './lower'

for (const [kernel, op] of [
  ['MaxPool', 'MaxPool'],
  ['AvgPool', 'AveragePool'],
] as const) {
  lower<PoolingAttributes>(kernel, ({ x }, attributes) => {
    const windows = poolingWindows(x!.shape, attributes)
    const isSame = windows.output.every((length, axis) => length === windows.whole[axis])
    // Whatever the strides and padding are: so it is in tfjs.
    if (isSame && windows.kernel.every(length => length === 1)) return x!
    const spec = { shape: [windows.batch, windows.inside, ...windows.output], type: x!.type }
    const { kernel_shape, strides, pads } = windowAttributes(windows)
    return fromChannelsFirst(
      node(op, [takePart(toChannelsFirst(x!), windows)], spec, {
        attributes: { kernel_shape, strides, pads },
      }),
    )
  })
}
