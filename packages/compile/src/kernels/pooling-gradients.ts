import { numbersOf } from '../graph/element-types'
import { constant, node, nodes, scalar, sizes } from '../graph/nodes'
import { binary, cast, concat, mul, pad, reshape, slice, transpose, unary } from '../graph/operators'
import type { Value } from '../graph/value'
import { spread } from './convolution-gradients'
import {
  fillRest,
  fromChannelsFirst,
  type PoolingAttributes,
  poolingWindows,
  takePart,
  toChannelsFirst,
  type Windows,
  windowAttributes,
} from './convolution-shape'
import { lower } from './lower'
import { zerosBeside } from './scatter'

/** Whether every number of the input is in one window at most, from the first one on. */
const isTiled = ({ kernel, strides, before }: Windows): boolean =>
  kernel.every((length, axis) => length === strides[axis]) && before.every(reach => reach === 0)

lower<PoolingAttributes>('MaxPoolGrad', ({ dy, input, output }, attributes) => {
  const windows = poolingWindows(input!.shape, attributes)
  const [dyFirst, y] = [toChannelsFirst(dy!), toChannelsFirst(output!)]
  const x = takePart(toChannelsFirst(input!), windows)
  const gradient = isTiled(windows) ? toFirstMaximum(dyFirst, x, y, windows) : toPlaces(dyFirst, x, windows)
  return fromChannelsFirst(fillRest(gradient, windows))
})

/** By the place of every maximum, which ONNX Runtime's MaxPool can tell, though slowly. */
function toPlaces(dy: Value, x: Value, { strides, kernel, ...windows }: Windows): Value {
  const { kernel_shape, pads } = windowAttributes({ strides, kernel, ...windows })
  const specs = [
    { shape: dy.shape, type: 'float32' as const },
    { shape: dy.shape, type: 'int64' as const },
  ]
  const [, places] = nodes('MaxPool', [x], specs, { attributes: { kernel_shape, strides, pads } })
  const [count, size] = [dy, x].map(({ shape }) => shape.reduce((product, length) => product * length, 1))
  const flat = reshape(places!, [count!])
  const inputs = [zerosBeside(flat, [size!]), flat, reshape(dy, [count!])]
  const spec = { shape: [size!], type: 'float32' as const }
  return reshape(
    node('ScatterElements', inputs, spec, { attributes: { axis: 0, reduction: 'add' } }),
    x.shape,
  )
}

/** By comparing every number of a window with the maximum; among equal ones the first has it. */
function toFirstMaximum(
  dy: Value,
  x: Value,
  y: Value,
  { batch, inside, input, kernel, output }: Windows,
): Value {
  const [tall, wide] = kernel
  const rows = batch * inside * output[0]
  const across = output[1]
  const rest = output.map((length, axis) => length * kernel[axis]! - input[axis]!) as [number, number]
  const whole = pad(
    x,
    [
      [0, 0],
      [0, 0],
      [0, rest[0]],
      [0, rest[1]],
    ],
    Number.NEGATIVE_INFINITY,
  )
  // A transposition takes columns apart, much faster than slices with a stride: [column, row of windows, row, window].
  const apart = transpose(reshape(whole, [rows * tall * across, wide]), [1, 0])
  const planes = reshape(apart, [wide, rows, tall, across])
  const [top, gradient] = [y, dy].map(value => reshape(value, [rows, across])) as [Value, Value]
  const columns: Value[][] = Array.from({ length: wide }, () => [])
  let taken: Value | undefined
  for (let row = 0; row < tall; row++) {
    for (let column = 0; column < wide; column++) {
      const seen = reshape(slice(planes, [column, 0, row, 0], [1, rows, 1, across]), [rows, across])
      const isTop = binary('Equal', seen, top, 'bool')
      const isFirst = taken ? binary('And', isTop, unary('Not', taken)) : isTop
      taken = taken ? binary('Or', taken, isTop) : isTop
      columns[column]!.push(reshape(mul(gradient, cast(isFirst, 'float32')), [rows, 1, across]))
    }
  }
  const joined = concat(
    columns.map(parts => reshape(concat(parts, 1), [1, rows * tall * across])),
    0,
  )
  const full = reshape(transpose(joined, [1, 0]), [batch, inside, output[0] * tall, output[1] * wide])
  return pad(full, [
    [0, 0],
    [0, 0],
    [0, -rest[0]],
    [0, -rest[1]],
  ])
}

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
