import type { HostArray } from '@mafjs/compile'

/** Pictures as they were decoded, for an image encoder. */
export interface PictureArrays {
  /** `[batch, height, width, 3]` */
  pixels: HostArray<Float32Array>
  /** `[batch]`: 1 = this example has a picture. */
  present: HostArray<Float32Array>
}

/** What an image encoder made of pictures. */
export interface EncodingArrays {
  /** `[batch, regions, channels]` */
  states: HostArray<Float32Array>
  /** `[batch, channels]` */
  summary: HostArray<Float32Array>
  /** `[batch, regions]` */
  mask: HostArray<Float32Array>
}
