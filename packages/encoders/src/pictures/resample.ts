import type { CropAxis } from './crop-axis'
import type { Raster } from './upright-raster'

/** The filters of resizing, in Pillow's names. */
export type Resample = 'bilinear' | 'bicubic'

/** A filter: its reach to either side in pixels, and the weight of a pixel at a distance. */
interface Filter {
  support: number
  weight(distance: number): number
}

const FILTERS: Record<Resample, Filter> = {
  bilinear: { support: 1, weight: x => Math.max(0, 1 - x) },
  // Keys 1981, eq. 4, with a = -1/2; its weights beyond one pixel are negative.
  bicubic: {
    support: 2,
    weight: x => {
      if (x < 1) return (1.5 * x - 2.5) * x * x + 1
      return x < 2 ? (((x - 5) * x + 8) * x - 4) * -0.5 : 0
    },
  },
}

/** Weights are integers of this many fractional bits: the same sum on every machine, and exact in 32 bits. */
const BITS = 22
const HALF = 1 << (BITS - 1)

/** A weighted sum as a byte; negative weights can lead beyond 0 and 255. */
const byte = (sum: number): number => Math.min(255, Math.max(0, sum >> BITS))

/** For each pixel of the crop: where its source pixels begin, how many they are, and their weights. */
interface Taps {
  first: Int32Array
  count: Int32Array
  /** `[size, width]` */
  weights: Int32Array
  width: number
}

/**
 * A filter with half-pixel centres, widened when shrinking so that every source pixel counts: "with antialiasing", what
 * Pillow and so torchvision do.
 */
function filterTaps({ from, to, start }: CropAxis, size: number, filter: Filter): Taps {
  const scale = from / to
  const stretch = Math.max(scale, 1)
  const support = filter.support * stretch
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
      filter.weight(Math.abs((first + tap - centre + 0.5) * (1 / stretch))),
    )
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    taps.first[i] = first
    taps.count[i] = end - first
    for (const [tap, weight] of weights.entries()) {
      const share = (weight / total) * 2 ** BITS
      taps.weights[i * width + tap] = Math.trunc(share + (share < 0 ? -0.5 : 0.5))
    }
  }
  return taps
}

/**
 * Resizes a picture and keeps only the crop, computing nothing outside it: along rows first, then along columns, each
 * rounded to 8 bits, bit for bit what Pillow 10 gives for `resize` of the whole. Not left to sharp: libvips
 * shifts what it enlarges by up to half a source pixel, and its vector code may differ by one between machines.
 *
 * @returns `[size, size, 3]`
 */
export function resampleCrop(
  { values, start, across: right, down: below }: Raster,
  { x, y }: { x: CropAxis; y: CropAxis },
  size: number,
  resample: Resample,
): Uint8Array {
  const filter = FILTERS[resample]
  const across = filterTaps(x, size, filter)
  const down = filterTaps(y, size, filter)
  const top = down.first[0]!
  const rows = down.first[size - 1]! + down.count[size - 1]! - top
  const narrow = new Uint8Array(rows * size * 3)
  for (let row = 0; row < rows; row++) {
    const line = start + (top + row) * below
    for (let i = 0; i < size; i++) {
      let at = line + across.first[i]! * right
      let red = HALF
      let green = HALF
      let blue = HALF
      const begin = i * across.width
      const end = begin + across.count[i]!
      for (let tap = begin; tap < end; tap++, at += right) {
        const weight = across.weights[tap]!
        red += values[at]! * weight
        green += values[at + 1]! * weight
        blue += values[at + 2]! * weight
      }
      const to = (row * size + i) * 3
      narrow[to] = byte(red)
      narrow[to + 1] = byte(green)
      narrow[to + 2] = byte(blue)
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
    for (let j = 0; j < line; j++) result[i * line + j] = byte(sums[j]!)
  }
  return result
}
