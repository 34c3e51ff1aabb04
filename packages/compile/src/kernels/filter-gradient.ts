import { node } from '../graph/nodes'
import { concat, pad, reduce, reshape, slice, transpose } from '../graph/operators'
import type { Value } from '../graph/value'
import type { Windows } from './convolution-shape'
import { type FilterLayout, fromOihw, tapsLast } from './filters'

/** Below this many channels all taps go into one product, which else would be many thin ones. */
const FEW_CHANNELS = 16

/**
 * The gradient of a convolution's filter, `[height, width, inside, outside]`: for every tap of the filter the product of
 * what the tap saw with what came of it, summed over all places and the batch.
 *
 * @param x `[batch, inside, height, width]`
 * @param dy `[batch, outside, height, width]` of the output
 * @param layout in which it is made; the other one is a transposition away
 */
export function filterGradient(x: Value, dy: Value, windows: Windows, layout: FilterLayout): Value {
  const { batch, inside, outside, kernel, output } = windows
  const [height, width] = kernel
  const taps = height * width
  const places = output[0] * output[1]
  // One product for each example, then their sum, or one over the whole batch, which wants both operands transposed:
  // the sum moves a filter per example, the transpositions move the maps.
  const perExample = batch > 1 && 2 * outside * inside * taps <= (inside + outside) * places
  const views = tapViews(perExample ? x : transpose(x, [1, 0, 2, 3]), windows)
  const seen = views.map(view =>
    perExample ? reshape(view, [batch, inside, places]) : reshape(view, [inside, batch * places]),
  )
  const came = perExample
    ? reshape(dy, [batch, outside, places])
    : reshape(transpose(dy, [1, 0, 2, 3]), [outside, batch * places])
  // Joining what all taps saw copies it once more; moving the taps of the finished filter copies that.
  const isSmallMap = layout === 'OIHW' && !perExample && batch * places < 3 * outside
  const joined = taps === 1 || inside < FEW_CHANNELS || isSmallMap
  const gradient = joined ? fromAllTaps(seen, came, layout) : fromEachTap(seen, came, layout)
  return layout === 'HWIO'
    ? reshape(gradient, [height, width, inside, outside])
    : fromOihw(reshape(gradient, [outside, inside, height, width]))
}

/** `[taps * inside, outside]`, or `[outside, inside * taps]` for ONNX's layout. */
function fromAllTaps(seen: readonly Value[], came: Value, layout: FilterLayout): Value {
  const channels = seen[0]!.shape.length - 2
  const leading = seen[0]!.shape.slice(0, channels)
  const [inside, places] = seen[0]!.shape.slice(channels) as [number, number]
  if (layout === 'HWIO') return total(correlate(concat(seen, channels), came))
  const apart = seen.map(view => reshape(view, [...leading, inside, 1, places]))
  const joined = reshape(concat(apart, channels + 1), [...leading, inside * seen.length, places])
  return total(correlate(came, joined))
}

/** `[taps * inside, outside]`, or `[outside * inside, taps]` for ONNX's layout. */
function fromEachTap(seen: readonly Value[], came: Value, layout: FilterLayout): Value {
  const products = seen.map(view => (layout === 'HWIO' ? correlate(view, came) : correlate(came, view)))
  const [rows, columns] = products[0]!.shape.slice(-2) as [number, number]
  const stacked = total(concat(products, products[0]!.shape.length - 2))
  return layout === 'HWIO' ? stacked : tapsLast(reshape(stacked, [seen.length, rows, columns]))
}

/** `a b^T`, for every example where they come one by one. */
function correlate(a: Value, b: Value): Value {
  const attributes = { transA: 0, transB: 1 }
  const shape = [a.shape.at(-2)!, b.shape.at(-2)!]
  if (a.shape.length === 2) return node('Gemm', [a, b], { shape, type: 'float32' }, { attributes })
  const spec = { shape: [a.shape[0]!, ...shape], type: 'float32' as const }
  return node('FusedMatMul', [a, b], spec, { domain: 'com.microsoft', attributes })
}

/** The sum over the examples where they come one by one. */
const total = (products: Value): Value =>
  products.shape.length === 2 ? products : reduce('ReduceSum', products, [0])

/** What every tap of the filter sees, tap by tap; the first two axes may be batch and channels in any order. */
export function tapViews(x: Value, windows: Windows): Value[] {
  const { kernel, strides, output, before, after, input } = windows
  const [stepDown, stepAcross] = strides
  const [a, b] = x.shape as [number, number, number, number]
  const [below, right] = after.map(reach => Math.max(reach, 0)) as [number, number]
  // Columns come in whole steps, so that every stepAcross-th of them can be taken by a transposition.
  const spare = -(input[1] + before[1] + right) % stepAcross
  const padded = pad(x, [
    [0, 0],
    [0, 0],
    [before[0], below],
    [before[1], right + (spare < 0 ? spare + stepAcross : 0)],
  ])
  const rows = padded.shape[2]!
  const steps = padded.shape[3]! / stepAcross
  const split =
    stepAcross === 1 ? padded : transpose(reshape(padded, [a * b * rows * steps, stepAcross]), [1, 0])
  const planes = reshape(split, [stepAcross, a, b, rows, steps])
  return Array.from({ length: kernel[0] * kernel[1] }, (_, tap) => {
    const [down, across] = [Math.floor(tap / kernel[1]), tap % kernel[1]]
    const begin = [across % stepAcross, 0, 0, down, Math.floor(across / stepAcross)]
    const view = slice(planes, begin, [1, a, b, ...output], [1, 1, 1, stepDown, 1])
    return reshape(view, [a, b, ...output])
  })
}
