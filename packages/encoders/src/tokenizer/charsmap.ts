import { InvalidArgumentError } from '@mafjs/tensor'

/** Rewrites text by SentencePiece's table of replacements. */
export type Charsmap = (text: string) => string

/** What a unit of the trie holds, after the layout of the darts-clone library. */
const labelOf = (unit: number): number => (unit & 0x800000ff) >>> 0
const offsetOf = (unit: number): number => (unit >>> 10) << ((unit & 0x200) >>> 6)
const hasLeaf = (unit: number): boolean => (unit & 0x100) !== 0
const startOf = (unit: number): number => unit & 0x7fffffff

/** Longer clusters of characters are never looked up as a whole, in bytes. */
const LONGEST_CLUSTER = 5

/** One character of Arabic stands for four words, 33 bytes; a long text in place of a letter would fill the memory. */
const LONGEST_REPLACEMENT = 256

/**
 * Reads the `precompiled_charsmap` of a `tokenizer.json`: the length of a double-array trie over UTF-8, its units of 32
 * bits, then the replacements, each with a zero at its end, to which the trie's values point.
 *
 * A text is taken by what a reader sees as one character; where that has no replacement as a whole, by its code points.
 * Of a cluster the shortest beginning that has a replacement stands for all of it, as in Hugging Face's `tokenizers`.
 *
 * @param encoded base64
 * @throws InvalidArgumentError for a table that is cut off.
 */
export function readCharsmap(encoded: string): Charsmap {
  const bytes = Buffer.from(encoded, 'base64')
  const size = bytes.length >= 4 ? bytes.readUInt32LE(0) : 0
  if (size === 0 || size % 4 !== 0 || 4 + size > bytes.length) {
    throw new InvalidArgumentError({
      argument: 'tokenizer: precompiled_charsmap',
      rule: 'must hold a whole table in base64',
      received: `${bytes.length} bytes, ${size} of them announced`,
      fix: 'The file is damaged; copy tokenizer.json again.',
    })
  }
  const units = Uint32Array.from({ length: size / 4 }, (_, i) => bytes.readUInt32LE(4 + 4 * i))
  const texts = bytes.subarray(4 + size)
  for (let start = 0; start < texts.length; ) {
    const end = texts.indexOf(0, start)
    const length = (end < 0 ? texts.length : end) - start
    if (length > LONGEST_REPLACEMENT || end < 0) {
      throw new InvalidArgumentError({
        argument: 'tokenizer: precompiled_charsmap',
        rule: `must end every replacement with a zero, after at most ${LONGEST_REPLACEMENT} bytes`,
        received: `${length} bytes without one`,
        fix: 'The file is damaged; copy tokenizer.json again.',
      })
    }
    start = end + 1
  }

  const replacementOf = (part: string): string | undefined => {
    let place = offsetOf(units[0]!)
    for (const byte of Buffer.from(part)) {
      place ^= byte
      const unit = units[place]
      if (byte === 0 || unit === undefined || labelOf(unit) !== byte) return undefined
      place ^= offsetOf(unit)
      if (hasLeaf(unit)) {
        const start = startOf(units[place]!)
        return texts.toString('utf8', start, texts.indexOf(0, start))
      }
    }
    return undefined
  }
  const clusters = new Intl.Segmenter('und', { granularity: 'grapheme' })
  const rewrite = (cluster: string): string => {
    const whole = Buffer.byteLength(cluster) <= LONGEST_CLUSTER ? replacementOf(cluster) : undefined
    return whole ?? Array.from(cluster, character => replacementOf(character) ?? character).join('')
  }
  return text => Array.from(clusters.segment(text), ({ segment }) => rewrite(segment)).join('')
}
