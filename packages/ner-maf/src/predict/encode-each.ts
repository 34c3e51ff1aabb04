import type { PictureEncoder } from '@mafjs/encoders'
import { batchFeatures } from '../features/batch-features'
import { encodeNone, encodeOne } from '../features/encode-one'
import type { Features } from '../features/features'
import type { EncodedPictures } from '../model/batch-arrays'
import type { PreparedPost } from './prepare-post'

/**
 * What an encoder makes of the pictures of posts that may have several.
 *
 * @param size side of the pictures, pixels
 * @throws the reason of a signal that is aborted before the last picture
 */
export async function encodeEach(
  encoder: PictureEncoder,
  posts: readonly Pick<PreparedPost, 'pictures'>[],
  size: number,
  signal?: AbortSignal,
): Promise<EncodedPictures> {
  const rows: Features[][] = []
  for (const { pictures } of posts) {
    const features: Features[] = []
    for (const pixels of pictures) {
      signal?.throwIfAborted()
      features.push(await encodeOne(encoder, { pixels, width: size, height: size }))
    }
    rows.push(features)
  }
  return batchFeatures(rows, await encodeNone(encoder, size))
}
