import { join } from 'node:path'
import sharp from 'sharp'
import { type Features, stack } from './features'
import { wordsOf } from './near-duplicates'

/** Side in pixels that pictures are shrunk to. */
const SIDE = 16

/** One vector for each text without any encoder: how often each word of all of them occurs. For drawings, not for posts. */
export function countWords(texts: readonly string[]): Features {
  const words = texts.map(wordsOf)
  const vocabulary = new Map([...new Set(words.flat())].sort().map((word, i) => [word, i]))
  return stack(
    words.map(of => {
      const counts = new Float32Array(vocabulary.size)
      for (const word of of) counts[vocabulary.get(word)!]! += 1
      return counts
    }),
  )
}

/** One vector for each picture without any encoder: its pixels at 16 x 16, from 0 to 1. For drawings, not for photos. */
export async function shrinkPictures(images: string, pictures: readonly string[]): Promise<Features> {
  const vectors: Float32Array[] = []
  for (const picture of pictures) {
    const pixels = await sharp(join(images, picture))
      .flatten({ background: 'white' })
      .toColourspace('srgb')
      .resize(SIDE, SIDE, { fit: 'fill' })
      .raw()
      .toBuffer()
    vectors.push(Float32Array.from(pixels, value => value / 255))
  }
  return stack(vectors)
}
