import { assertDtype, assertShape, type Encoding, type Module, withoutPadding } from '@mafjs/tensor'
import type { Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'

/** What an image encoder reads. */
export interface ImageInputs {
  /** `[batch, height, width, 3]`, float32, normalised. The rows of absent pictures may hold anything. */
  pixels: Tensor4D
  /** `[batch]`, float32: 1 = this example has a picture, 0 = it has none. */
  present: Tensor1D
}

/** An image encoder: pixels in, an `Encoding` of regions out, in the encoder's own channel space. */
export type ImageEncoder<Config extends object = object> = Module<ImageInputs, Encoding, Config>

/**
 * Checks the inputs and empties the pictures of absent examples, so that not even a NaN there reaches a state.
 *
 * @throws InvalidArgumentError for a wrong shape or dtype.
 */
export function presentPixels({ pixels, present }: ImageInputs): Tensor4D {
  const sizes = assertShape('inputs.pixels', pixels, ['batch', 'height', 'width', 3])
  assertShape('inputs.present', present, ['batch'], sizes)
  assertDtype('inputs.pixels', pixels, 'float32')
  assertDtype('inputs.present', present, 'float32')
  return withoutPadding(pixels, present)
}

/** The mask of a picture's regions: its presence, repeated. `[batch, regions]` */
export function regionMask(present: Tensor1D, regions: number): Tensor2D {
  return tf.tile(tf.reshape(present, [-1, 1]), [1, regions]) as Tensor2D
}
