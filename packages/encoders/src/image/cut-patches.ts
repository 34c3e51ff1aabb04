import { InvalidArgumentError } from '@mafjs/tensor'
import type { Tensor3D, Tensor4D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'

/**
 * `[batch, size, size, 3]` to `[batch, patches, patch * patch * 3]`, patches row by row.
 *
 * @throws InvalidArgumentError for pictures of another size.
 */
export function cutPatches(pixels: Tensor4D, size: number, patch: number): Tensor3D {
  const [batch, height, width] = pixels.shape
  if (height !== size || width !== size) {
    throw new InvalidArgumentError({
      argument: 'inputs.pixels',
      rule: `must have shape [batch, ${size}, ${size}, 3]`,
      received: `[${pixels.shape.join(', ')}]`,
      fix: `Load the pictures with size: ${size}.`,
    })
  }
  const grid = size / patch
  const split = tf.reshape(pixels, [batch, grid, patch, grid, patch * 3])
  return tf.reshape(tf.transpose(split, [0, 1, 3, 2, 4]), [batch, grid * grid, patch * patch * 3])
}
