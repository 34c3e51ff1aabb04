import { type Post, picturesOf } from '@mafjs/data'
import { batchFeatures, type EncodedPictures, encodeOne } from '@mafjs/data/features'
import type { FrozenImageEncoder } from '@mafjs/encoders'
import type { PictureReader } from '@mafjs/ner-maf'

/** The pictures of a post, one on each line; undefined for none. */
export const fileOf = (example: Pick<Post, 'image' | 'images'>): string | undefined =>
  picturesOf(example).join('\n') || undefined

/** Posts with the files that stand at their places, one on each line; undefined for none. */
export const withPictures = (examples: readonly Post[], files: readonly (string | undefined)[]): Post[] =>
  examples.map(({ image: _, images: __, ...example }, place) => {
    const images = files[place]?.split('\n')
    return { ...example, ...(images && { image: images[0]!, images }) }
  })

/** A picture of the mean colour for every picture there is: the mean is 0 after normalisation. */
export function blankPictures(
  pictures: PictureReader,
  encoder: FrozenImageEncoder | undefined,
): PictureReader {
  return {
    async load(posts) {
      const batch = await pictures.load(posts)
      if ('states' in batch) return blankFeatures(batch, encoder!)
      const { pixels } = batch
      return { ...batch, pixels: { ...pixels, data: new Float32Array(pixels.data.length) } }
    },
  }
}

async function blankFeatures(
  { mask, present }: EncodedPictures,
  encoder: FrozenImageEncoder,
): Promise<EncodedPictures> {
  const { size } = encoder.preparation
  const blank = await encodeOne(encoder, new Float32Array(size * size * 3))
  const [, length] = mask.shape as [number, number]
  const rows = Array.from(present, (_, row) => {
    const regions = mask.data.subarray(row * length, (row + 1) * length).reduce((sum, one) => sum + one, 0)
    return new Array(regions / blank.regions).fill(blank)
  })
  const none = { ...blank, mask: new Float32Array(blank.regions) }
  return batchFeatures(rows, none, length / blank.regions)
}
