import type { Post } from '../posts/post'
import type { WordEncoder } from './batches'

/** Words by their places; `end` is exclusive. */
export interface WordRange {
  start: number
  end: number
}

/** A stretch of a post's words that a model reads at once. */
export interface TextWindow {
  /** The post itself, or one of these words alone with all its pictures. */
  example: Post
  /** The words of `example` that are this window's own, the others being context; each word of a post is one window's own. */
  own: WordRange
}

/** How posts become windows. */
export interface WindowOptions {
  tokenizer: WordEncoder & { readonly maxLength: number }
  /** Word pieces that two windows share at most, Hugging Face's `stride`. @default posts are not divided */
  windowOverlap?: number | undefined
}

interface Division {
  ranges: WordRange[]
  /** How many word pieces stand before each word, and one more for the end. */
  pieces: number[]
}

/** Fills windows one after another, each with as many words as fit. */
function divide(words: readonly string[], { tokenizer, windowOverlap = 0 }: WindowOptions): Division {
  const ranges: WordRange[] = []
  const pieces = [0]
  const fits = (start: number, end: number): boolean =>
    tokenizer.encodeWords(words.slice(start, end)).firstPieces.length === end - start
  for (let start = 0; ; ) {
    // No window has more words than pieces.
    const { ids, firstPieces } = tokenizer.encodeWords(words.slice(start, start + tokenizer.maxLength))
    const end = start + firstPieces.length
    const before = pieces[start]! - (firstPieces[0] ?? 0)
    for (let word = start; word < end; word++) pieces[word] = before + firstPieces[word - start]!
    pieces[end] = before + ids.length - 1 // the last id is [SEP]
    // A word that fits into no window is left to `collate`, which refuses it.
    if (end === words.length || end === start)
      return { ranges: [...ranges, { start, end: words.length }], pieces }
    ranges.push({ start, end })
    do start++
    while (start < end && (pieces[end]! - pieces[start]! > windowOverlap || !fits(start, end + 1)))
  }
}

/** Which window each word belongs to: the one with the most context on the word's nearer side, of equals the first. */
function owners({ ranges, pieces }: Division): Int32Array {
  const words = pieces.length - 1
  const owner = new Int32Array(words)
  const most = new Float64Array(words).fill(-1)
  for (const [window, { start, end }] of ranges.entries()) {
    for (let word = start; word < end; word++) {
      // Nothing is missing where the text itself begins or ends.
      const left = start === 0 ? Number.POSITIVE_INFINITY : pieces[word]! - pieces[start]!
      const right = end === words ? Number.POSITIVE_INFINITY : pieces[end]! - pieces[word + 1]!
      const context = Math.min(left, right)
      if (context <= most[word]!) continue
      most[word] = context
      owner[word] = window
    }
  }
  return owner
}

const part = (
  { id, words, labels, labelledTypes, unlabelled, image, images, source }: Post,
  { start, end }: WordRange,
): Post => ({
  id,
  words: words.slice(start, end),
  labels: labels?.slice(start, end),
  labelledTypes,
  unlabelled: unlabelled?.filter(word => word >= start && word < end).map(word => word - start),
  image,
  images,
  source,
})

/**
 * Divides a post at word boundaries into overlapping windows that fit a tokenizer's greatest length; one that fits is its
 * only window. The own words of the windows, one after another, are the words of the post.
 */
export function windowsOf(example: Post, options: WindowOptions): TextWindow[] {
  const { words } = example
  const whole = [{ example, own: { start: 0, end: words.length } }]
  if (options.windowOverlap === undefined) return whole
  const division = divide(words, options)
  const { ranges } = division
  if (ranges.length === 1) return whole
  const owner = owners(division)
  return ranges.flatMap((range, window) => {
    const first = owner.indexOf(window)
    // With much overlap a window may have the most context of no word.
    if (first < 0) return []
    const own = { start: first - range.start, end: owner.lastIndexOf(window) + 1 - range.start }
    return [{ example: part(example, range), own }]
  })
}
