import { compile, type ThreadOptions } from '@mafjs/compile'
import type { ImageEncoder, ImageInputs } from '@mafjs/encoders'
import type { EncodingArrays, HostArray, PictureArrays } from '../model/batch-arrays'
import type { MafParts } from '../model/maf'

/** Encodes pictures by an encoder that is not trained. */
export interface FrozenPictures {
  /** What the encoder makes of pictures; an encoding stays as it is. */
  encode(image: PictureArrays | EncodingArrays): Promise<EncodingArrays>
  dispose(): Promise<void>
}

/**
 * One program for all batches that encodes pictures outside of the training step, whose programs then are
 * smaller; nothing for a model whose image encoder is trained, or that has none.
 */
export function createFrozenPictures(
  { parts: { imageEncoder } }: { parts: Pick<MafParts, 'imageEncoder'> },
  session: ThreadOptions,
): FrozenPictures | undefined {
  if (!imageEncoder) return undefined
  if (Object.values(imageEncoder.parameters()).some(({ trainable }) => trainable)) return undefined
  return compilePictures(imageEncoder, session)
}

/** One program for batches of any size that encodes pictures by an encoder as it is now. */
export function compilePictures(imageEncoder: ImageEncoder, session: ThreadOptions): FrozenPictures {
  const program = compile((image: ImageInputs) => ({ ...imageEncoder.apply(image) }), {
    ...session,
    dynamic: { axes: { pixels: ['batch', null, null, null], present: ['batch'] } },
  })
  return {
    async encode(image) {
      if ('states' in image) return image
      const { states, summary, mask } = await program.run(image as unknown as ImageInputs)
      return { states, summary, mask } as unknown as Record<keyof EncodingArrays, HostArray>
    },
    dispose: program.dispose,
  }
}
