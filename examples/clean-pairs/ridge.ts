import type { Features, PairFeatures } from './features'

/**
 * The linear baseline: ridge regression from texts to pictures, `W = (X'X + penalty I)^-1 X'Y`; a text finds the pictures
 * that are nearest to what it predicts. Source: Hoerl and Kennard, "Ridge regression", 1970.
 *
 * @param train columns with mean 0
 * @returns the pairs with every text replaced by the picture it predicts
 */
export function ridgeRegression(train: PairFeatures, penalty: number): (pairs: PairFeatures) => PairFeatures {
  const covariance = transposedProduct(train.text, train.text)
  for (const [i, row] of covariance.entries()) row[i]! += penalty
  const weights = solve(covariance, transposedProduct(train.text, train.image))
  return ({ text, image }) => ({ text: times(text, weights, image.shape[1]), image })
}

/** `X'Y`. */
function transposedProduct(x: Features, y: Features): Float64Array[] {
  const [rows, size] = x.shape
  const width = y.shape[1]
  const result = Array.from({ length: size }, () => new Float64Array(width))
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < size; i++) {
      addScaled(result[i]!, y.data.subarray(row * width, (row + 1) * width), x.data[row * size + i]!)
    }
  }
  return result
}

/** `XW`. */
function times({ data, shape: [rows, size] }: Features, weights: Float64Array[], width: number): Features {
  const result = new Float32Array(rows * width)
  for (let row = 0; row < rows; row++) {
    const sum = new Float64Array(width)
    for (let i = 0; i < size; i++) addScaled(sum, weights[i]!, data[row * size + i]!)
    result.set(sum, row * width)
  }
  return { data: result, shape: [rows, width] }
}

function addScaled(to: Float64Array, from: ArrayLike<number>, scale: number): void {
  for (let i = 0; i < to.length; i++) to[i]! += scale * from[i]!
}

/** Solves `AW = B` for a symmetric positive definite A by Cholesky's decomposition; A and B are used up. */
function solve(a: Float64Array[], b: Float64Array[]): Float64Array[] {
  for (let i = 0; i < a.length; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i]![j]!
      for (let k = 0; k < j; k++) sum -= a[i]![k]! * a[j]![k]!
      a[i]![j] = i === j ? Math.sqrt(sum) : sum / a[j]![j]!
    }
  }
  for (let i = 0; i < a.length; i++) {
    for (let k = 0; k < i; k++) addScaled(b[i]!, b[k]!, -a[i]![k]!)
    divide(b[i]!, a[i]![i]!)
  }
  for (let i = a.length - 1; i >= 0; i--) {
    for (let k = i + 1; k < a.length; k++) addScaled(b[i]!, b[k]!, -a[k]![i]!)
    divide(b[i]!, a[i]![i]!)
  }
  return b
}

function divide(values: Float64Array, by: number): void {
  for (let i = 0; i < values.length; i++) values[i]! /= by
}
