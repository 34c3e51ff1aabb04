import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { assertShape } from '../shapes'

/**
 * The mean of the states that are there; of a row without any, zeros.
 *
 * @param states `[batch, positions, hidden]`
 * @param mask `[batch, positions]`, 1 where there is one and 0 elsewhere
 * @returns `[batch, hidden]`
 * @throws InvalidArgumentError for shapes that do not fit each other.
 */
export function maskedMean(states: Tensor3D, mask: Tensor2D): Tensor2D {
  const sizes = assertShape('states', states, ['batch', 'positions', 'hidden'])
  assertShape('mask', mask, ['batch', 'positions'], sizes)
  return tf.tidy(() => {
    const sums = tf.sum(tf.mul(states, tf.expandDims(mask, 2)), 1) as Tensor2D
    return tf.div(sums, tf.maximum(tf.sum(mask, 1, true), 1)) as Tensor2D
  })
}
