import { InvalidArgumentError } from '@mafjs/tensor/errors'

/**
 * Shifts and scales every number of a vector so that over `vectors` each has mean 0 and deviation 1: what layers want of
 * features that were made before, such as those of frozen encoders. A number that is always the same becomes 0.
 *
 * @param vectors those to train on, all of one length
 * @returns does so to any vector of that length
 * @throws InvalidArgumentError for a vector of another length than the first.
 */
export function standardizer(
  vectors: readonly ArrayLike<number>[],
): (vector: ArrayLike<number>) => Float32Array {
  const size = vectors[0]?.length ?? 0
  const [means, variances] = [new Float64Array(size), new Float64Array(size)]
  const each = (act: (value: number, i: number) => void): void => {
    for (const [row, vector] of vectors.entries()) {
      assertLength(`vectors[${row}]`, vector, size)
      for (let i = 0; i < size; i++) act(vector[i]!, i)
    }
  }
  each((value, i) => { means[i]! += value / vectors.length }) // biome-ignore format: a sum
  each((value, i) => { variances[i]! += (value - means[i]!) ** 2 / vectors.length }) // biome-ignore format: a sum
  // What is always the same is apart from its mean by rounding alone.
  const scales = variances.map((variance, i) => (variance > 1e-12 * means[i]! ** 2 ? variance ** -0.5 : 0))
  return vector => {
    assertLength('vector', vector, size)
    return Float32Array.from(vector, (value, i) => (value - means[i]!) * scales[i]!)
  }
}

function assertLength(argument: string, { length }: ArrayLike<number>, size: number): void {
  if (length === size) return
  throw new InvalidArgumentError({
    argument,
    rule: `must have ${size} numbers, as the first has`,
    received: length,
  })
}
