/** Where each axis of a transposed tensor comes from. */
export type Permutation = readonly number[]

/** The permutation that takes another one back. */
export const inverse = (permutation: Permutation): number[] =>
  permutation.map((_, axis) => permutation.indexOf(axis))

/** A list in another order. */
export const permuted = <T>(list: readonly T[], permutation: Permutation): T[] =>
  permutation.map(axis => list[axis]!)

/** Whether two permutations are the same. */
export const samePermutation = (a: Permutation, b: Permutation): boolean =>
  a.length === b.length && a.every((from, to) => from === b[to])

/** Whether it leads from ONNX's layout of pictures, `[batch, channels, ...]`, to tfjs's, `[batch, ..., channels]`. */
export const movesChannelsLast = (permutation: Permutation): boolean =>
  permutation.length >= 4 &&
  permutation.every((from, to) => from === (to === 0 ? 0 : (to % (permutation.length - 1)) + 1))

/** A reshape before a transposition instead of after it. */
export interface EarlierReshape {
  shape: number[]
  permutation: number[]
}

/**
 * What to do before a transposition instead of a reshape after it, which is possible where the reshape only adds and
 * drops axes of length one.
 */
export function reshapeEarlier(
  from: readonly number[],
  permutation: Permutation,
  to: readonly number[],
): EarlierReshape | undefined {
  const long = (shape: readonly number[]): number[] =>
    shape.map((_, axis) => axis).filter(axis => shape[axis] !== 1)
  const [before, after] = [long(from), long(to)]
  if (before.length === 0 || before.length !== after.length) return undefined
  if (!before.every((axis, i) => from[axis] === to[after[i]!])) return undefined
  // Every long axis takes the axes of length one before it along; those at the end go with the last one.
  const groups = after.map((axis, i) => {
    const start = i === 0 ? 0 : after[i - 1]! + 1
    const end = i === after.length - 1 ? to.length : axis + 1
    return { place: permutation[before[i]!]!, axes: Array.from({ length: end - start }, (_, k) => start + k) }
  })
  const order = groups.sort((a, b) => a.place - b.place).flatMap(({ axes }) => axes)
  return { shape: permuted(to, order), permutation: inverse(order) }
}
