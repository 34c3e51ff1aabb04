import type { EncodingArrays, PictureArrays } from './batch-arrays'

/** Encodes pictures outside of a model. */
export interface PictureEncoder {
  /** What the encoder makes of pictures; an encoding stays as it is. */
  encode(image: PictureArrays | EncodingArrays): Promise<EncodingArrays>
  dispose(): Promise<void>
}
