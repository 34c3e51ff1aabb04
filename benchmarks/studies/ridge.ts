import type { Pair } from '../../examples/image-text-retrieval/retrieval-task'

/** Predicts the picture of every text, in the text's place. */
export type Ridge = (pairs: readonly Pair[]) => Pair[]

/**
 * The linear baseline: ridge regression from texts to pictures, `W = (X'X + penalty I)^-1 X'Y`.
 * Source: Hoerl and Kennard, "Ridge regression", 1970.
 *
 * @param train columns with mean 0
 * @returns by its penalty what gives the pairs with every text replaced by the picture it predicts
 */
export function ridgeRegression(train: readonly Pair[]): (penalty: number) => Ridge {
  const [size, width] = [train[0]!.text.length, train[0]!.image.length]
  // Of X'X, which is symmetric, what is not below the diagonal.
  const covariance = Array.from({ length: size }, (_, i) => new Float64Array(size - i))
  const products = Array.from({ length: size }, () => new Float64Array(width))
  for (const { text, image } of train) {
    for (const [i, value] of text.entries()) {
      addScaled(covariance[i]!, text.subarray(i), value)
      addScaled(products[i]!, image, value)
    }
  }
  return penalty => {
    const penalized = covariance.map(row => row.map((value, i) => (i === 0 ? value + penalty : value)))
    const weights = solve(penalized, products.map(row => row.slice())) // biome-ignore format: one line
    return pairs =>
      pairs.map(({ text, image }) => {
        const predicted = new Float64Array(width)
        for (const [i, value] of text.entries()) addScaled(predicted, weights[i]!, value)
        return { text: Float32Array.from(predicted), image }
      })
  }
}

function addScaled(to: Float64Array, from: ArrayLike<number>, scale: number): void {
  for (let i = 0; i < to.length; i++) to[i]! += scale * from[i]!
}

/**
 * Solves `AW = B` for a symmetric positive definite A, so that no row has to be exchanged; A and B are used up.
 *
 * @param a of every row what is not below the diagonal
 */
function solve(a: readonly Float64Array[], b: readonly Float64Array[]): readonly Float64Array[] {
  for (const [i, pivot] of a.entries()) {
    for (let row = i + 1; row < a.length; row++) {
      const factor = -pivot[row - i]! / pivot[0]!
      addScaled(a[row]!, pivot.subarray(row - i), factor)
      addScaled(b[row]!, b[i]!, factor)
    }
  }
  for (let i = a.length - 1; i >= 0; i--) {
    for (let k = i + 1; k < a.length; k++) addScaled(b[i]!, b[k]!, -a[i]![k - i]!)
    for (let j = 0; j < b[i]!.length; j++) b[i]![j]! /= a[i]![0]!
  }
  return b
}
