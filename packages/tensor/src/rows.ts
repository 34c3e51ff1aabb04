import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { InvalidArgumentError } from './errors'
import { product } from './linear'

/**
 * Rows of `x` along its first axis, chosen by JavaScript indices: a product with a one-hot matrix, which every
 * backend can differentiate (wasm lacks the kernel that the gradient of `tf.gather` needs).
 *
 * @param x `[rows, ...]`
 * @param indices which row goes to each place of the result
 * @returns `[indices.length, ...]`
 * @throws InvalidArgumentError for an index outside `x`.
 */
export function takeRows<T extends Tensor>(x: T, indices: ArrayLike<number>): T {
  const rows = x.shape[0] as number
  const choice = new Float32Array(indices.length * rows)
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i]!
    if (!Number.isInteger(index) || index < 0 || index >= rows) {
      throw new InvalidArgumentError({
        argument: `indices[${i}]`,
        rule: `must be an integer from 0 to ${rows - 1}`,
        received: index,
      })
    }
    choice[i * rows + index] = 1
  }
  return tf.tidy(() => {
    const flat = tf.reshape(x, [rows, -1]) as Tensor2D
    const taken = product(tf.tensor2d(choice, [indices.length, rows]), flat)
    return tf.reshape(taken, [indices.length, ...x.shape.slice(1)]) as T
  })
}
