import { join } from 'node:path'
import { permutation } from '@mafjs/tensor'
import { encodePictures, type PictureEncoderOptions } from './encode-pictures'
import { encodeTexts } from './encode-texts'
import type { PairFeatures } from './features'
import { removeNearDuplicates } from './near-duplicates'
import { pictureHash } from './picture-hash'
import { readPairs } from './read-pairs'

/** Where real pairs are, and what encodes them. */
export interface RealPairsOptions extends PictureEncoderOptions {
  /** A folder of `NAME.txt` beside `NAME.jpg`. */
  data: string
  /** A text encoder in Hugging Face's layout. */
  textEncoder: string
  onNote: (note: string) => void
}

/** Reads the pairs of a folder, removes near-duplicates, and encodes the others; in an order that is drawn once for all. */
export async function realPairs({
  data,
  textEncoder,
  onNote,
  ...encoder
}: RealPairsOptions): Promise<PairFeatures> {
  const { pairs, encodings, withoutPicture } = await readPairs(data)
  const counts = Object.entries(encodings).map(([encoding, texts]) => `${texts} ${encoding}`)
  onNote(`${pairs.length} pairs (texts: ${counts.join(', ')}), ${withoutPicture} texts without a picture`)

  const hashed = await Promise.all(
    pairs.map(async pair => ({ ...pair, hash: await pictureHash(join(data, pair.picture)) })),
  )
  const whole = hashed.flatMap(({ hash, ...pair }) => (hash ? [{ ...pair, hash }] : []))
  const { kept, removed } = removeNearDuplicates(whole)
  const { withoutWords, text, picture, both } = removed
  onNote(
    `removed: ${pairs.length - whole.length} with a broken picture, ${withoutWords} without words, near-duplicates by ` +
      `text ${text}, by picture ${picture}, by both ${both}; ${kept.length} pairs stay`,
  )

  const order = permutation(kept.length, { seed: 0, site: 'split' })
  const chosen = order.map(i => whole[kept[i]!]!)
  return {
    text: await encodeTexts(
      textEncoder,
      chosen.map(({ text }) => text),
    ),
    image: await encodePictures(
      data,
      chosen.map(({ picture }) => picture),
      encoder,
    ),
  }
}
