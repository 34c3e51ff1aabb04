/** Rows of numbers, one for each text or picture; `@mafjs/compile` reads them where they lie. */
export interface Features {
  data: Float32Array
  /** `[rows, size]` */
  shape: [rows: number, size: number]
}

/** Texts and pictures that belong together: row i of one to row i of the other. */
export interface PairFeatures {
  text: Features
  image: Features
}

/** Puts vectors of one length below each other. */
export function stack(vectors: readonly ArrayLike<number>[]): Features {
  const size = vectors[0]?.length ?? 0
  const data = new Float32Array(vectors.length * size)
  for (const [row, vector] of vectors.entries()) data.set(vector, row * size)
  return { data, shape: [vectors.length, size] }
}

/** Some rows, in the order they are named. */
export function chooseRows({ data, shape: [, size] }: Features, rows: readonly number[]): Features {
  return stack(rows.map(row => data.subarray(row * size, (row + 1) * size)))
}

/** Some pairs, in the order they are named. */
export const choosePairs = ({ text, image }: PairFeatures, rows: readonly number[]): PairFeatures => ({
  text: chooseRows(text, rows),
  image: chooseRows(image, rows),
})

/** Shifts and scales every column so that those of `train` have mean 0 and variance 1; applies the same to any rows. */
export function standardizer(train: Features): (features: Features) => Features {
  const [rows, size] = train.shape
  const mean = new Float64Array(size)
  const variance = new Float64Array(size)
  for (const [i, value] of train.data.entries()) mean[i % size]! += value / rows
  for (const [i, value] of train.data.entries()) variance[i % size]! += (value - mean[i % size]!) ** 2 / rows
  return ({ data, shape }) => ({
    // A column that is always the same says nothing: it becomes 0.
    data: data.map((value, i) => (value - mean[i % size]!) / Math.sqrt(variance[i % size]! || 1)),
    shape,
  })
}
