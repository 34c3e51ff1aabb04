import { numbersOf } from '../graph/element-types'
import { constant, node, producerOf } from '../graph/nodes'
import { reshape, transpose } from '../graph/operators'
import type { Value } from '../graph/value'

/** The order of a filter's axes: tfjs's `[height, width, inside, outside]` or ONNX's `[outside, inside, height, width]`. */
export type FilterLayout = 'HWIO' | 'OIHW'

const FROM_HWIO = [3, 2, 0, 1]
const TO_HWIO = [2, 3, 1, 0]

/** The layout a filter is stored in: some programs keep ONNX's and transpose it for tfjs. */
export function layoutOf(filter: Value): FilterLayout {
  const permutation = producerOf(filter, 'Transpose')?.attributes['perm'] as number[] | undefined
  return permutation?.join() === TO_HWIO.join() ? 'OIHW' : 'HWIO'
}

const filtersOf = new WeakMap<Value, Value[]>()

/** Notes that `x` was convolved with a filter. */
export function rememberFilter(x: Value, filter: Value): void {
  filtersOf.set(x, [...(filtersOf.get(x) ?? []), filter])
}

/** The layout of the filter of this shape that `x` was convolved with: its gradient is best made in the same one. */
export function rememberedLayout(x: Value, shape: readonly number[]): FilterLayout {
  const filter = filtersOf.get(x)?.find(known => known.shape.join() === shape.join())
  return filter ? layoutOf(filter) : 'HWIO'
}

/** A filter `[height, width, inside, outside]` as ONNX's convolutions want it. */
export function toOihw(filter: Value): Value {
  const [height, width, inside, outside] = filter.shape as [number, number, number, number]
  if (layoutOf(filter) === 'OIHW') return transpose(filter, FROM_HWIO)
  const exchanged = transpose(reshape(filter, [height * width, inside, outside]), [0, 2, 1])
  return reshape(tapsLast(exchanged), [outside, inside, height, width])
}

/**
 * The filter that takes gradients of a convolution's output back to its input: inside and outside exchanged, height and
 * width reversed. `[inside, outside, height, width]`
 */
export function toAdjoint(filter: Value): Value {
  const [height, width, inside, outside] = filter.shape as [number, number, number, number]
  const taps = height * width
  if (layoutOf(filter) === 'HWIO') {
    const reversed = tapsLast(reshape(filter, [taps, inside, outside]), true)
    return reshape(reversed, [inside, outside, height, width])
  }
  const rows = reshape(toOihw(filter), [outside * inside, taps])
  const reversed =
    taps === 1 ? rows : node('MatMul', [rows, tapOrder(taps, true)], { shape: rows.shape, type: 'float32' })
  return transpose(reshape(reversed, [outside, inside, height, width]), [1, 0, 2, 3])
}

/** A filter in ONNX's layout as tfjs's kernels give it. `[height, width, inside, outside]` */
export const fromOihw = (filter: Value): Value => transpose(filter, TO_HWIO)

/**
 * Moves the short first axis of the taps to the end: `[taps, a, b]` to `[a * b, taps]`.
 *
 * As a product with a matrix of ones and zeros, because ONNX Runtime's Transpose takes ten times as long: its optimiser
 * pushes it through the reshape to four axes that follows, where the fast ways for two and three axes do not apply.
 */
export function tapsLast(x: Value, reversed = false): Value {
  const [taps, a, b] = x.shape as [number, number, number]
  if (taps === 1) return reshape(x, [a * b, 1])
  const spec = { shape: [a * b, taps], type: 'float32' as const }
  return node('Gemm', [reshape(x, [taps, a * b]), tapOrder(taps, reversed)], spec, {
    attributes: { transA: 1, transB: 0 },
  })
}

/** `[taps, taps]`: ones where a tap stays, or where it goes when all are reversed. */
function tapOrder(taps: number, reversed: boolean): Value {
  const ones = Array.from({ length: taps * taps }, (_, i) => {
    const [row, column] = [Math.floor(i / taps), i % taps]
    return Number(row === (reversed ? taps - 1 - column : column))
  })
  return constant(numbersOf('float32', ones), [taps, taps], 'float32')
}
