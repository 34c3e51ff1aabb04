import { sizeOf, zerosOf } from '../graph/element-types'
import { type Levels, levelsOf } from '../graph/weight-type'

/** Numbers as bytes, `scales[channel] * (data - zeroPoint)`. */
export interface QuantizedTensor {
  data: Int8Array | Uint8Array
  /** One for every channel. */
  scales: Float32Array
}

/** How a tensor is quantised. */
export interface QuantizeSymmetricOptions {
  /** The axis that has a scale for each of its places. */
  axis: number
  /** The bytes it is written in. @default those of int8 */
  levels?: Levels | undefined
  /** The least scale a channel may have. @default 0 */
  leastScale?: ((channel: number) => number) | undefined
}

/**
 * Symmetric bytes with a scale per channel: the greatest magnitude of a channel is the greatest level, so that every number
 * comes back within half a step of what it was (Jacob et al. 2018, section 3).
 *
 * @param values of `shape`, row by row
 */
export function quantizeSymmetric(
  values: Float32Array,
  shape: readonly number[],
  { axis, levels = levelsOf('int8'), leastScale = () => 0 }: QuantizeSymmetricOptions,
): QuantizedTensor {
  const { storage, greatest, zeroPoint } = levels
  const channelOf = channelsAlong(shape, axis)
  const scales = new Float32Array(shape[axis]!)
  for (let i = 0; i < values.length; i++) {
    const magnitude = Math.abs(values[i]!)
    if (magnitude > scales[channelOf(i)]!) scales[channelOf(i)] = magnitude
  }
  for (let channel = 0; channel < scales.length; channel++) {
    const scale = Math.max(scales[channel]! / greatest, leastScale(channel))
    // A channel of zeros comes back as zeros whatever its scale; a zero scale would be a division by it.
    scales[channel] = scale === 0 ? 1 : scale
  }
  const data = zerosOf(storage, values.length) as Int8Array | Uint8Array
  for (let i = 0; i < values.length; i++) data[i] = Math.round(values[i]! / scales[channelOf(i)]!) + zeroPoint
  return { data, scales }
}

/** The numbers that a quantised tensor stands for. */
export function dequantize(
  { data, scales }: QuantizedTensor,
  shape: readonly number[],
  { axis, levels }: Required<Pick<QuantizeSymmetricOptions, 'axis' | 'levels'>>,
): Float32Array {
  const channelOf = channelsAlong(shape, axis)
  return Float32Array.from(data, (byte, i) => (byte - levels.zeroPoint) * scales[channelOf(i)]!)
}

/** The place along an axis of every number of a tensor. */
function channelsAlong(shape: readonly number[], axis: number): (i: number) => number {
  const channels = shape[axis]!
  const inner = sizeOf(shape.slice(axis + 1))
  return i => Math.floor(i / inner) % channels
}

/** `[rows, columns]` to `[columns, rows]`. */
export function transposeBytes<Bytes extends Int8Array | Uint8Array>(
  data: Bytes,
  rows: number,
  columns: number,
): Bytes {
  const transposed = data.slice() as Bytes
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++)
      transposed[column * rows + row] = data[row * columns + column]!
  }
  return transposed
}
