import type { Feed } from '@mafjs/compile'
import type { PictureArrays } from '@mafjs/encoders'
import { InvalidArgumentError } from '@mafjs/tensor'
import type { BatchArrays } from '../model/batch-arrays'

/** A batch as an exported model reads it: pictures that are not there are left out. */
export function graphFeeds(
  { text, firstPieces, image }: BatchArrays,
  pictureSize: number | undefined,
): Record<string, Feed> {
  const feeds: Record<string, Feed> = { ids: text.ids, mask: text.mask, ...(firstPieces && { firstPieces }) }
  if (pictureSize === undefined) return feeds
  if (image && !('pixels' in image)) {
    throw new InvalidArgumentError({
      argument: 'image',
      rule: 'must be pixels: an exported model encodes pictures itself',
      received: 'encodings',
      fix: 'Give the pictures, or run the model itself.',
    })
  }
  return { ...feeds, ...pictureFeeds(text.ids.shape[0]!, pictureSize, image) }
}

function pictureFeeds(
  batch: number,
  size: number,
  image: PictureArrays | undefined,
): Record<'pixels' | 'choice', Feed> {
  const posts = Array.from({ length: batch }, (_, post) => post).filter(post => image?.present.data[post])
  const pictures = posts.length
  const numbers = size * size * 3
  const all = image?.pixels.data ?? new Float32Array(0)
  // Where every post has its picture the pixels lie as they are wanted.
  const pixels = pictures === batch ? all : new Float32Array(pictures * numbers)
  const choice = new Float32Array(batch * pictures)
  for (const [picture, post] of posts.entries()) {
    if (pixels !== all) pixels.set(all.subarray(post * numbers, (post + 1) * numbers), picture * numbers)
    choice[post * pictures + picture] = 1
  }
  return {
    pixels: { data: pixels, shape: [pictures, size, size, 3] },
    choice: { data: choice, shape: [batch, pictures] },
  }
}
