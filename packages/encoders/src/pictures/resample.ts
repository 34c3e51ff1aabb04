import type { CropAxis } from './crop-axis'
import type { Raster } from './decode'

/** Weights are integers of this many fractional bits: the same sum on every machine, and exact in 32 bits. */
const BITS = 22
const HALF = 1 << (BITS - 1)

/** For each pixel of the crop: where its source pixels begin, how many they are, and their weights. */
interface Taps {
  first: Int32Array
  count: Int32Array
  /** `[size, width]` */
  weights: Int32Array
  width: number
}

/**
 * Triangle filter with half-pixel centres, widened when shrinking so that every source pixel counts: "bilinear with
 * antialiasing", what Pillow and so torchvision do.
 */
function triangleTaps({ from, to, start }: CropAxis, size: number): Taps {
  const scale = from / to
  const support = Math.max(scale, 1)
  const width = Math.ceil(support) * 2 + 1
  const taps: Taps = {
    first: new Int32Array(size),
    count: new Int32Array(size),
    weights: new Int32Array(size * width),
    width,
  }
  for (let i = 0; i < size; i++) {
    const centre = (start + i + 0.5) * scale
    const first = Math.max(0, Math.trunc(centre - support + 0.5))
    const end = Math.min(from, Math.trunc(centre + support + 0.5))
    const weights = Array.from({ length: end - first }, (_, tap) =>
      Math.max(0, 1 - Math.abs((first + tap - centre + 0.5) * (1 / support))),
    )
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    taps.first[i] = first
    taps.count[i] = end - first
    for (const [tap, weight] of weights.entries()) {
      taps.weights[i * width + tap] = Math.trunc((weight / total) * 2 ** BITS + 0.5)
    }
  }
  return taps
}

/**
 * Resizes a picture and keeps only the crop, computing nothing outside it: along rows first, then along columns, each
 * rounded to 8 bits, bit for bit what Pillow 10 gives for `resize(BILINEAR)` of the whole. Not left to sharp: libvips
 * shifts what it enlarges by up to half a source pixel, and its vector code may differ by one between machines.
 *
 * @returns `[size, size, 3]`
 */
export function resampleCrop(
  { width, values }: Raster,
  { x, y }: { x: CropAxis; y: CropAxis },
  size: number,
): Uint8Array {
  const across = triangleTaps(x, size)
  const down = triangleTaps(y, size)
  const top = down.first[0]!
  const rows = down.first[size - 1]! + down.count[size - 1]! - top
  const narrow = new Uint8Array(rows * size * 3)
  for (let row = 0; row < rows; row++) {
    const line = (top + row) * width * 3
    for (let i = 0; i < size; i++) {
      let at = line + across.first[i]! * 3
      let red = HALF
      let green = HALF
      let blue = HALF
      const begin = i * across.width
      const end = begin + across.count[i]!
      for (let tap = begin; tap < end; tap++, at += 3) {
        const weight = across.weights[tap]!
        red += values[at]! * weight
        green += values[at + 1]! * weight
        blue += values[at + 2]! * weight
      }
      const to = (row * size + i) * 3
      narrow[to] = red >> BITS
      narrow[to + 1] = green >> BITS
      narrow[to + 2] = blue >> BITS
    }
  }
  const line = size * 3
  const result = new Uint8Array(size * line)
  const sums = new Int32Array(line)
  for (let i = 0; i < size; i++) {
    sums.fill(HALF)
    for (let tap = 0; tap < down.count[i]!; tap++) {
      const weight = down.weights[i * down.width + tap]!
      const from = (down.first[i]! - top + tap) * line
      for (let j = 0; j < line; j++) sums[j]! += narrow[from + j]! * weight
    }
    for (let j = 0; j < line; j++) result[i * line + j] = sums[j]! >> BITS
  }
  return result
}
