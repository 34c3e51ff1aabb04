import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { InvalidArgumentError } from './errors'
import { product } from './linear'
import { assertDtype, assertShape } from './shapes'

/**
 * Rows of `x` along its first axis: a product with a one-hot matrix, which every backend can differentiate (wasm lacks
 * the kernel that the gradient of `tf.gather` needs).
 *
 * @param x `[rows, ...]`
 * @param indices which row goes to each place of the result: numbers, or an int32 tensor of one axis, whose values are
 * not read and so not checked; an index outside `x` then gives zeros
 * @returns `[indices.length, ...]`
 * @throws InvalidArgumentError for an index outside `x`, or a tensor that is not a list of int32.
 */
export function takeRows<T extends Tensor>(x: T, indices: ArrayLike<number> | Tensor1D): T {
  return tf.tidy(() => {
    const rows = x.shape[0] as number
    const choice =
      indices instanceof tf.Tensor ? chosenByTensor(indices, rows) : chosenByNumbers(indices, rows)
    const taken = product(choice, tf.reshape(x, [rows, -1]) as Tensor2D)
    return tf.reshape(taken, [choice.shape[0], ...x.shape.slice(1)]) as T
  })
}

/** `[places, rows]`, one 1 in every row. */
function chosenByNumbers(indices: ArrayLike<number>, rows: number): Tensor2D {
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
  return tf.tensor2d(choice, [indices.length, rows])
}

function chosenByTensor(indices: Tensor1D, rows: number): Tensor2D {
  assertShape('indices', indices, ['places'])
  assertDtype('indices', indices, 'int32')
  const places = tf.range(0, rows, 1, 'int32')
  return tf.cast(tf.equal(tf.expandDims(indices, 1), tf.expandDims(places, 0)), 'float32') as Tensor2D
}
