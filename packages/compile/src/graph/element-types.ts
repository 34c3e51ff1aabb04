import type { DataType } from '@tensorflow/tfjs-core'

/** The element types a graph uses; tfjs has the first three, ONNX operators want the others in places. */
export type ElementType = 'float32' | 'int32' | 'bool' | 'int64' | 'int8' | 'uint8'

/** What holds the numbers of each element type. */
export type Numbers = Float32Array | Int32Array | Uint8Array | Int8Array | BigInt64Array

const ARRAYS = {
  float32: Float32Array,
  int32: Int32Array,
  bool: Uint8Array,
  int64: BigInt64Array,
  int8: Int8Array,
  uint8: Uint8Array,
} as const

/** An array of zeros of one element type. */
export const zerosOf = (type: ElementType, size: number): Numbers => new ARRAYS[type](size)

/** Numbers as an array of one element type; `bool` becomes 0 and 1. An array that has the type already is not copied. */
export function numbersOf(type: ElementType, values: ArrayLike<number | bigint | boolean>): Numbers {
  if (values instanceof ARRAYS[type]) return values
  if (type === 'int64') return BigInt64Array.from(values as ArrayLike<number>, BigInt)
  if (type === 'bool') return Uint8Array.from(values as ArrayLike<number>, value => (value ? 1 : 0))
  const numbers = zerosOf(type, values.length)
  for (let i = 0; i < values.length; i++) numbers[i] = Number(values[i])
  return numbers
}

/** Whether a tfjs dtype has an element type. */
export const isElementType = (dtype: DataType): dtype is 'float32' | 'int32' | 'bool' =>
  dtype === 'float32' || dtype === 'int32' || dtype === 'bool'

/** How many numbers a shape holds. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, length) => size * length, 1)
