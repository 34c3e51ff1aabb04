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
  const scales = new Float32Array(shape[axis]!)
  eachRun(shape, axis, (from, to, channel) => {
    let most = scales[channel]!
    for (let i = from; i < to; i++) {
      const magnitude = Math.abs(values[i]!)
      if (magnitude > most) most = magnitude
    }
    scales[channel] = most
  })
  for (let channel = 0; channel < scales.length; channel++) {
    const scale = Math.max(scales[channel]! / greatest, leastScale(channel))
    // A channel of zeros comes back as zeros whatever its scale; a zero scale would be a division by it.
    scales[channel] = scale === 0 ? 1 : scale
  }
  const data = zerosOf(storage, values.length) as Int8Array | Uint8Array
  eachRun(shape, axis, (from, to, channel) => {
    const scale = scales[channel]!
    for (let i = from; i < to; i++) data[i] = Math.round(values[i]! / scale) + zeroPoint
  })
  return { data, scales }
}

/** The numbers that a quantised tensor stands for. */
export function dequantize(
  { data, scales }: QuantizedTensor,
  shape: readonly number[],
  { axis, levels }: Required<Pick<QuantizeSymmetricOptions, 'axis' | 'levels'>>,
): Float32Array {
  const values = new Float32Array(data.length)
  eachRun(shape, axis, (from, to, channel) => {
    for (let i = from; i < to; i++) values[i] = (data[i]! - levels.zeroPoint) * scales[channel]!
  })
  return values
}

/** Calls for every stretch of numbers that lie side by side and have one place along an axis: a call for each would take most of the time. */
function eachRun(
  shape: readonly number[],
  axis: number,
  act: (from: number, to: number, channel: number) => void,
): void {
  const [size, channels, inner] = [sizeOf(shape), shape[axis]!, sizeOf(shape.slice(axis + 1))]
  for (let i = 0; i < size; ) {
    for (let channel = 0; channel < channels; channel++, i += inner) act(i, i + inner, channel)
  }
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
