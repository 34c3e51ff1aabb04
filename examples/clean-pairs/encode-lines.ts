import { join } from 'node:path'
import { encodePictures, type PictureEncoderOptions } from './encode-pictures'
import { countWords, shrinkPictures } from './encode-simply'
import { encodeTexts } from './encode-texts'
import { type DuplicateLimits, duplicateGroups, wordsOf } from './near-duplicates'
import type { EncodedPairs } from './pairs'
import { type PictureHash, pictureHash } from './picture-hash'
import type { ReadLines } from './read-lines'

/** What encodes texts and pictures. */
export interface EncodeLinesOptions extends PictureEncoderOptions {
  /** A text encoder in Hugging Face's layout, or `words`: how often each occurs. */
  textEncoder: string
  /** An `.onnx` file, or `pixels`: those of a 16 x 16 version. */
  imageEncoder: string
  /** From where on two pairs are near-duplicates. */
  duplicates: DuplicateLimits
  onNote: (note: string) => void
}

/** Lines as vectors. */
export interface EncodedLines extends EncodedPairs {
  /** The line of every pair; those without a word or a whole picture are left out. */
  rows: number[]
}

/** Encodes the lines that can be judged: their text has a word, and their picture can be decoded. */
export async function encodeLines(
  { lines, images }: ReadLines,
  { textEncoder, imageEncoder, duplicates, onNote, ...encoder }: EncodeLinesOptions,
): Promise<EncodedLines> {
  const texts = lines.map(({ text }) => withoutLinks(text))
  const hashes: (PictureHash | undefined)[] = []
  for (const { image } of lines) hashes.push(await pictureHash(join(images, image)))
  const hasWords = (row: number): boolean => wordsOf(texts[row]!).length > 0
  const all = [...lines.keys()]
  const rows = all.filter(row => hasWords(row) && hashes[row])
  const without = all.filter(row => !hashes[row])
  onNote(
    `${lines.length} pairs; not judged: ${all.filter(row => !hasWords(row)).length} without a word, ` +
      `${without.length} with a picture that is missing or broken`,
  )
  for (const row of without.slice(0, 5)) onNote(`  ${lines[row]!.image} of ${lines[row]!.id}`)

  const records = rows.map(row => lines[row]!)
  const judged = rows.map(row => texts[row]!)
  const pictures = records.map(({ image }) => image)
  return {
    rows,
    records,
    text: textEncoder === 'words' ? countWords(judged) : await encodeTexts(textEncoder, judged),
    image:
      imageEncoder === 'pixels'
        ? await shrinkPictures(images, pictures)
        : await encodePictures(images, pictures, { imageEncoder, ...encoder }),
    groups: given =>
      duplicateGroups(
        judged.map((text, i) => ({ text, hash: hashes[rows[given[i]!]!]! })),
        duplicates,
      ),
  }
}

/** A post without addresses, mentions and the mark of a repost: they say who posted, not what is to be seen. */
export const withoutLinks = (text: string): string =>
  text
    .replace(/^\s*RT\b/, ' ')
    .replace(/\b(?:https?:|www\.)\S*/gi, ' ')
    .replace(/@\w+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
