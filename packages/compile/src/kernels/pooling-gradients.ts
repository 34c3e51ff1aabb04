import { numbersOf } from '../graph/element-types'
import { constant, node, scalar, sizes } from '../graph/nodes'
import { mul } from '../graph/operators'
import { spread } from './convolution-gradients'
import {
  fillRest,
  fromChannelsFirst,
  type PoolingAttributes,
  poolingWindows,
  takePart,
  toChannelsFirst,
  type Windows,
} from './convolution-shape'
import { toFirstMaximum } from './first-maximum'
import { lower } from './lower'

lower<PoolingAttributes>('MaxPoolGrad', ({ dy, input, output }, attributes) => {
  const windows = poolingWindows(input!.shape, attributes)
  const [dyFirst, y] = [toChannelsFirst(dy!), toChannelsFirst(output!)]
  const x = takePart(toChannelsFirst(input!), windows)
  return fromChannelsFirst(fillRest(toFirstMaximum(dyFirst, x, y, windows), windows))
})

/** Whether every number of the input is in one window at most, from the first one on. */
const isTiled = ({ kernel, strides, before }: Windows): boolean =>
  kernel.every((length, axis) => length === strides[axis]) && before.every(reach => reach === 0)

/** As in tfjs a window's mean counts the padding in its gradient, though not in its value. */
lower<PoolingAttributes>('AvgPoolGrad', ({ dy, input }, attributes) => {
  const floored = poolingWindows(input!.shape, attributes)
  // tfjs leaves the rounding mode out of this kernel's attributes: the gradient's own size tells it.
  const isFloored = floored.output.every((length, axis) => length === dy!.shape[axis + 1])
  const windows = isFloored
    ? floored
    : poolingWindows(input!.shape, { ...attributes, dimRoundingMode: 'ceil' })
  const { batch, inside, kernel, output } = windows
  const [tall, wide] = kernel
  const share = mul(toChannelsFirst(dy!), scalar(1 / (tall * wide)))
  if (isTiled(windows)) {
    const full = [batch, inside, output[0] * tall, output[1] * wide]
    const modes = { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' }
    const repeated = node(
      'Resize',
      [share, undefined, undefined, sizes(full)],
      { shape: full, type: 'float32' },
      { attributes: modes },
    )
    return fromChannelsFirst(fillRest(repeated, windows))
  }
  const ones = constant(
    numbersOf('float32', new Float32Array(inside * tall * wide).fill(1)),
    [inside, 1, tall, wide],
    'float32',
  )
  return fromChannelsFirst(fillRest(spread(share, ones, windows, inside), windows))
})
