import { filled } from '../graph/nodes'
import { add, binary, cast, concat, mul, pad, reshape, slice, transpose, unary } from '../graph/operators'
import type { Value } from '../graph/value'
import type { Windows } from './convolution-shape'

const NONE: [number, number] = [0, 0]

/** How the windows of a pooling lie in whole steps: its strides, times `counts` along height and width, hold them all. */
interface Steps {
  maps: number
  counts: readonly [number, number]
  /** The most steps by which a place lies behind the one where its window begins. */
  reach: readonly [number, number]
  /** Rows and columns that are added to the input, or cut from it where below 0. */
  frame: readonly (readonly [number, number])[]
}

function stepsOf({ batch, inside, input, kernel, strides, before, output }: Windows): Steps {
  const reach = kernel.map((length, axis) => Math.ceil(length / strides[axis]!) - 1)
  const counts = output.map((length, axis) => length + reach[axis]!)
  const frame = input.map((length, axis) => [
    before[axis]!,
    counts[axis]! * strides[axis]! - length - before[axis]!,
  ])
  return { maps: batch * inside, counts, reach, frame } as never
}

/**
 * The gradient of a pooling's maxima, which the first place of a window has that holds the maximum. Every place of the windows
 * is compared with it in turn: ONNX Runtime's MaxPool could tell where it was, but slower, and not on WebGPU.
 *
 * @param dy of `y`, `[batch, channels, rows, columns]`
 * @param x over which the windows lie, `[batch, channels, height, width]`
 */
export function toFirstMaximum(dy: Value, x: Value, y: Value, windows: Windows): Value {
  const { batch, inside, kernel, strides, output } = windows
  const [down, across] = strides
  const steps = stepsOf(windows)
  const { maps, counts, reach, frame } = steps
  const shape = [maps, ...output]
  const [top, gradient] = [y, dy].map(value => reshape(value, shape)) as [Value, Value]
  const whole = pad(x, [NONE, NONE, ...frame], Number.NEGATIVE_INFINITY)
  // A transposition takes columns apart, much faster than slices with a stride.
  const apart = transpose(reshape(whole, [maps * counts[0] * down * counts[1], across]), [1, 0])
  const planes = reshape(apart, [across, maps, counts[0], down, counts[1]])
  // By column and row within a step.
  const sums = Array.from({ length: across }, () => Array<Value | undefined>(down).fill(undefined))
  let taken: Value | undefined
  for (let row = 0; row < kernel[0]; row++) {
    for (let column = 0; column < kernel[1]; column++) {
      const [below, right] = [Math.floor(row / down), Math.floor(column / across)]
      const [i, j] = [column % across, row % down]
      const seen = reshape(slice(planes, [i, 0, below, j, right], [1, maps, output[0], 1, output[1]]), shape)
      const isTop = binary('Equal', seen, top, 'bool')
      const isFirst = taken ? binary('And', isTop, unary('Not', taken)) : isTop
      taken = taken ? binary('Or', taken, isTop) : isTop
      const share = pad(mul(gradient, cast(isFirst, 'float32')), [
        NONE,
        [below, reach[0] - below],
        [right, reach[1] - right],
      ])
      const sum = sums[i]![j]
      sums[i]![j] = sum ? add(sum, share) : share
    }
  }
  return pad(reshape(joined(sums, steps), [batch, inside, counts[0] * down, counts[1] * across]), [
    NONE,
    NONE,
    ...frame.map(([first, last]): [number, number] => [-first, -last]),
  ])
}

/** Planes by column and row within a step, `[maps, steps down, steps across]`, put together to whole maps. */
function joined(planes: readonly (readonly (Value | undefined)[])[], { maps, counts }: Steps): Value {
  // With strides longer than the windows, what lies between them has no gradient.
  const between = filled(0, [maps, ...counts])
  const columns = planes.map(rows =>
    concat(
      rows.map(plane => reshape(plane ?? between, [maps, counts[0], 1, counts[1]])),
      2,
    ),
  )
  const flat = columns.map(column => reshape(column, [1, maps * counts[0] * planes[0]!.length * counts[1]]))
  return transpose(concat(flat, 0), [1, 0])
}
