import * as tf from '@tensorflow/tfjs-core'

/** A tensor before it belongs to a backend. */
export interface Sample {
  values: readonly number[]
  shape: readonly number[]
  dtype: 'float32' | 'int32' | 'bool'
}

let state = 1

/** A number in [0, 1): the same ones in every run. */
function next(): number {
  state = (Math.imul(state, 1664525) + 1013904223) | 0
  return (state >>> 0) / 2 ** 32
}

const fill = (shape: readonly number[], make: () => number): number[] =>
  Array.from({ length: shape.reduce((size, length) => size * length, 1) }, make)

/** Floats in [low, high). */
export const floats = (shape: readonly number[], low = -2, high = 2): Sample => ({
  values: fill(shape, () => low + (high - low) * next()),
  shape,
  dtype: 'float32',
})

/** Whole numbers from low to high, both included. */
export const ints = (shape: readonly number[], low = -9, high = 9): Sample => ({
  values: fill(shape, () => low + Math.floor((high - low + 1) * next())),
  shape,
  dtype: 'int32',
})

/** Truths by the toss of a coin. */
export const bools = (shape: readonly number[]): Sample => ({
  values: fill(shape, () => Number(next() < 0.5)),
  shape,
  dtype: 'bool',
})

/** Floats that are given. */
export const given = (values: readonly number[], shape: readonly number[] = [values.length]): Sample => ({
  values,
  shape,
  dtype: 'float32',
})

/** Whole numbers that are given. */
export const givenInts = (values: readonly number[], shape: readonly number[] = [values.length]): Sample => ({
  values,
  shape,
  dtype: 'int32',
})

/** Numbers at which operators go wrong. */
export const oddities = given([
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  0,
  -0.5,
  0.5,
  3,
])

/** The sample as a tensor of the active backend. */
export const tensorOf = ({ values, shape, dtype }: Sample): tf.Tensor =>
  tf.tensor([...values], [...shape], dtype)
