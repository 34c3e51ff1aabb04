import { createProgram, type Engine, sessionOf } from '@mafjs/compile/engine'
import type { EncodingArrays, ImageInputs, PictureEncoder } from '@mafjs/encoders'
import type { MafParts } from '../model/maf'

/** The image encoder of a model: part of it, or outside. */
export type ImageParts = Pick<MafParts, 'imageEncoder' | 'onnxImage'>

/** Whether there is an image encoder of which nothing is trained. */
export const isFrozen = ({ imageEncoder, onnxImage }: ImageParts): boolean =>
  onnxImage !== undefined ||
  (imageEncoder !== undefined &&
    Object.values(imageEncoder.parameters()).every(({ trainable }) => !trainable))

/** One program for batches of any size. */
const DYNAMIC = { axes: { pixels: ['batch', null, null, null], present: ['batch'] } }

/** Opens an image encoder by itself, as it is now. */
export function openPictureEncoder({ imageEncoder, onnxImage }: ImageParts, engine: Engine): PictureEncoder {
  if (onnxImage) return onnxImage.open(sessionOf(engine))
  const program = createProgram(engine, (image: ImageInputs) => ({ ...imageEncoder!.apply(image) }))
  return {
    async encode(image) {
      if ('states' in image) return image
      const { states, summary, mask } = await program.run(image, DYNAMIC)
      return { states, summary, mask } as unknown as EncodingArrays
    },
    dispose: program.dispose,
  }
}
