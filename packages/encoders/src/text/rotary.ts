import type { Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'

/** How far each pair of values is turned at each position: cosines and sines, `[positions, 1, size / 2]`. */
export interface Rotation {
  cosines: Tensor3D
  sines: Tensor3D
}

/**
 * The rotation of rotary positions (Su et al. 2021): pair i of `size / 2` turns by `theta ^ (-2 i / size)` at every step.
 *
 * @param size the values of one head
 */
export function rotation(positions: number, size: number, theta: number): Rotation {
  const speeds = Float32Array.from({ length: size / 2 }, (_, i) => 1 / Math.fround(theta ** ((2 * i) / size)))
  // A range and not its numbers: a program of any length counts for itself.
  const places = tf.reshape(tf.range(0, positions), [positions, 1, 1])
  const angles = tf.mul(places, tf.tensor3d(speeds, [1, 1, size / 2])) as Tensor3D
  return { cosines: tf.cos(angles), sines: tf.sin(angles) }
}

/**
 * Turns the values of every head by its position: value i with value `i + size / 2`.
 *
 * @param x `[batch, positions, hidden]`
 */
export function rotate(x: Tensor3D, heads: number, { cosines, sines }: Rotation): Tensor3D {
  const [batch, positions, hidden] = x.shape
  const split = tf.reshape(x, [batch, positions, heads, hidden / heads])
  const [first, second] = tf.split(split, 2, -1) as [Tensor4D, Tensor4D]
  const turned = [
    tf.sub(tf.mul(first, cosines), tf.mul(second, sines)),
    tf.add(tf.mul(second, cosines), tf.mul(first, sines)),
  ]
  return tf.reshape(tf.concat(turned, -1), [batch, positions, hidden])
}

/** The distance of every two places, `[positions, positions]`, int32: of the one in the row from the one in the column. */
export function distances(positions: number): Tensor2D {
  const places = tf.range(0, positions, 1, 'int32')
  return tf.sub(tf.expandDims(places, 1), tf.expandDims(places, 0)) as Tensor2D
}
