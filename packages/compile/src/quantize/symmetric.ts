import { sizeOf } from '../graph/element-types'

/** Numbers as int8, `scales[channel] * (data - zeroPoint)`. */
export interface QuantizedTensor {
  data: Int8Array
  /** One for every channel. */
  scales: Float32Array
}

/** How a tensor is quantised. */
export interface QuantizeSymmetricOptions {
  /** The axis that has a scale for each of its places. */
  axis: number
  /** What zero is written as. @default 0 */
  zeroPoint?: 0 | 1
  /** The least scale a channel may have. @default 0 */
  leastScale?: (channel: number) => number
}

/**
 * Symmetric int8 with a scale per channel: the greatest magnitude of a channel is the greatest number of the type, so
 * that every number comes back within half a step of what it was (Jacob et al. 2018, section 3).
 *
 * @param values of `shape`, row by row
 */
export function quantizeSymmetric(
  values: Float32Array,
  shape: readonly number[],
  { axis, zeroPoint = 0, leastScale = () => 0 }: QuantizeSymmetricOptions,
): QuantizedTensor {
  const channels = shape[axis]!
  const inner = sizeOf(shape.slice(axis + 1))
  const channelOf = (i: number): number => Math.floor(i / inner) % channels
  const scales = new Float32Array(channels)
  for (let i = 0; i < values.length; i++) {
    const magnitude = Math.abs(values[i]!)
    if (magnitude > scales[channelOf(i)]!) scales[channelOf(i)] = magnitude
  }
  for (let channel = 0; channel < channels; channel++) {
    const scale = Math.max(scales[channel]! / (127 - zeroPoint), leastScale(channel))
    // A channel of zeros comes back as zeros whatever its scale; a zero scale would be a division by it.
    scales[channel] = scale === 0 ? 1 : scale
  }
  const data = new Int8Array(values.length)
  for (let i = 0; i < values.length; i++) data[i] = Math.round(values[i]! / scales[channelOf(i)]!) + zeroPoint
  return { data, scales }
}

/** `[rows, columns]` to `[columns, rows]`. */
export function transposeBytes(data: Int8Array, rows: number, columns: number): Int8Array {
  const transposed = new Int8Array(data.length)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++)
      transposed[column * rows + row] = data[row * columns + column]!
  }
  return transposed
}
