import type { DataType, Tensor } from '@tensorflow/tfjs-core'
import { InvalidArgumentError } from './errors'

/** The dimension words used everywhere, bound to the numbers met so far. */
export type Dimensions = Record<string, number>

/**
 * Checks a tensor against a shape written in dimension words, e.g. `['batch', 'tokens', 'hidden']`, and binds
 * the words it meets for the first time. A number stands for itself.
 *
 * @param dimensions words already bound; a word bound twice must be the same size both times, so no size is
 * ever broadcast silently.
 * @throws InvalidArgumentError naming the argument, the expected and the received shape.
 */
export function assertShape(
  argument: string,
  tensor: Tensor,
  words: readonly (string | number)[],
  dimensions: Dimensions = {},
): Dimensions {
  const shape = tensor?.shape
  if (!Array.isArray(shape)) {
    throw new InvalidArgumentError({
      argument,
      rule: `must be a tensor of shape [${words.join(', ')}]`,
      received: tensor === null ? 'null' : typeof tensor,
    })
  }
  const bound: Dimensions = Object.assign(Object.create(null), dimensions)
  const fits =
    shape.length === words.length &&
    words.every((word, axis) => {
      const size = shape[axis]!
      if (typeof word === 'number') return word === size
      bound[word] ??= size
      return bound[word] === size
    })
  if (!fits) {
    const expected = words.map(word =>
      typeof word === 'string' && dimensions[word] !== undefined ? `${word}=${dimensions[word]}` : word,
    )
    throw new InvalidArgumentError({
      argument,
      rule: `must have shape [${expected.join(', ')}]`,
      received: `[${shape.join(', ')}]`,
    })
  }
  Object.assign(dimensions, bound)
  return dimensions
}

/**
 * Checks a tensor's dtype.
 * @throws InvalidArgumentError naming the argument and both dtypes.
 */
export function assertDtype(argument: string, tensor: Tensor, dtype: DataType): void {
  if (tensor.dtype !== dtype) {
    throw new InvalidArgumentError({
      argument,
      rule: `must have dtype ${dtype}`,
      received: tensor.dtype,
      fix: `Convert it with tf.cast(x, '${dtype}').`,
    })
  }
}
