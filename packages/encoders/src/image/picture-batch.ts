import { InvalidArgumentError } from '@mafjs/tensor'
import * as tf from '@tensorflow/tfjs-core'
import type { Picture } from '../pictures'
import type { ImageInputs } from './image-inputs'

/** How pictures become one batch. */
export interface PictureBatchOptions {
  /** Height and width of every picture in pixels. @default 224 */
  size?: number | undefined
}

/**
 * Pictures as the tensors that an image encoder reads.
 *
 * @param pictures one for each example, as `loadPicture` gives them; `undefined` where an example has none
 * @throws InvalidArgumentError for a picture of another size.
 */
export function createPictureBatch(
  pictures: readonly (Picture | undefined)[],
  { size = 224 }: PictureBatchOptions = {},
): ImageInputs {
  const pixels = new Float32Array(pictures.length * size * size * 3)
  for (const [i, picture] of pictures.entries()) {
    if (!picture) continue
    if (picture.width !== size || picture.height !== size || picture.pixels.length !== size * size * 3) {
      throw new InvalidArgumentError({
        argument: `pictures[${i}]`,
        rule: `must be ${size} x ${size} pixels of three channels`,
        received: `${picture.width} x ${picture.height}, ${picture.pixels.length} values`,
        fix: `Load it with size: ${size}.`,
      })
    }
    pixels.set(picture.pixels, i * size * size * 3)
  }
  return {
    pixels: tf.tensor4d(pixels, [pictures.length, size, size, 3]),
    present: tf.tensor1d(pictures.map(picture => (picture ? 1 : 0))),
  }
}
