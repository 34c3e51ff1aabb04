import { InvalidArgumentError } from '@mafjs/tensor'
import { pictureIdOf } from '../pictures/pictures-of'
import { isLabelledInPart, mayStandUnlabelled } from '../posts/labelled-part'
import type { LabelScheme } from '../posts/labels'
import type { Post } from '../posts/post'
import type { WordRange } from './windows'

/** What a tokenizer makes of the words of one post. */
export interface EncodedPost {
  /** Token ids, special tokens included. */
  ids: ArrayLike<number>
  /** The position of each kept word's first piece; words after its end were cut. */
  firstPieces: ArrayLike<number>
  /** The kept words that stand as one `[UNK]` because nothing else was left of them: their indices. */
  unknown: ArrayLike<number>
}

/** The part of a tokenizer a batch needs; `createWordTokenizer` of `@mafjs/encoders` makes one. */
export interface WordEncoder {
  encodeWords(words: readonly string[]): EncodedPost
  /** The id of the padding; 0 where it is not given, as in BERT's vocabularies. */
  readonly specialIds?: { readonly pad: number }
}

/** How examples become a batch. */
export interface CollateOptions {
  tokenizer: WordEncoder
  /** With it every example must have labels. @default labels are left out */
  scheme?: LabelScheme | undefined
  /** Whether the batch says which other labels may be right, too. @default false */
  alternatives?: boolean | undefined
  /** A fixed number of positions, or those of the batch's own longest post. @default 'longest' */
  padTo?: number | 'longest' | undefined
  /** With it, such as `wordShape` of `@mafjs/encoders`, the batch has the shapes of the words. @default it has none */
  wordShape?: ((word: string) => number) | undefined
  /** Of every example the words that the batch tags; the others are read as context. @default all */
  own?: readonly WordRange[] | undefined
}

/** A post whose last words did not fit into the tokenizer's greatest length. */
export interface CutPost {
  id: string
  file: string
  line: number
  words: number
  kept: number
}

/** One batch as plain numbers, rows padded to the same length. */
export interface Batch {
  examples: readonly Post[]
  batch: number
  positions: number
  words: number
  /** `[batch, positions]` */
  ids: Int32Array
  /** `[batch, positions]`: 1 = token, 0 = padding */
  mask: Float32Array
  /** `[batch, positions]`, with `wordShape`: of each piece the shape of its word; 0 at special tokens and padding */
  shapes?: Int32Array | undefined
  /** `[batch, words]`: the position of each word's first piece; 0 at padding */
  firstPieces: Int32Array
  /** `[batch, words]`: 1 = word, 0 = padding */
  wordMask: Float32Array
  /** `[batch, words]`, with a label scheme: the ids of the labels; 0 at padding */
  labelIds?: Int32Array | undefined
  /** `[batch, words, labels]`, where it was asked for: 1 = the label may be right too, at a word that was not labelled for it. */
  alternatives?: Float32Array | undefined
  /** Equal for posts with the same picture; different for any two posts without one. */
  pictureIds: string[]
  /** How many of each post's words are tagged in the batch. */
  keptWords: number[]
  /** How many of them are only an `[UNK]`, because the tokenizer left nothing of them. */
  unknownWords: number[]
  /** The posts that are not whole in the batch; whoever scores them counts the words cut as O. */
  cut: CutPost[]
}

const positionsOf = (rows: readonly EncodedPost[], examples: readonly Post[], padTo: number | 'longest') => {
  const longest = Math.max(...rows.map(row => row.ids.length))
  if (padTo === 'longest') return longest
  if (!(Number.isInteger(padTo) && padTo >= longest)) {
    const post = examples[rows.findIndex(row => row.ids.length === longest)]!
    throw new InvalidArgumentError({
      argument: 'padTo',
      rule: `must be 'longest' or a whole number of at least ${longest}, the length of post "${post.id}"`,
      received: padTo,
      fix: 'Give the tokenizer the same greatest length.',
    })
  }
  return padTo
}

/** The posts' label ids, row after row. */
const fillLabels = (
  scheme: LabelScheme,
  examples: readonly Post[],
  tagged: readonly WordRange[],
  words: number,
): Int32Array => {
  const labelIds = new Int32Array(examples.length * words)
  for (const [row, { id, labels, source }] of examples.entries()) {
    if (labels === undefined) {
      throw new InvalidArgumentError({
        argument: `${source.file}:${source.line}`,
        rule: 'must have labels, to train on or to score',
        received: `post "${id}" without labels`,
        fix: 'Add "labels" or "entities" to the post, or remove it.',
      })
    }
    const { start, end } = tagged[row]!
    labelIds.set(labels.slice(start, end).map(scheme.idOf), row * words)
  }
  return labelIds
}

/** Where posts were labelled in part, what else may be right, row after row. */
const fillAlternatives = (
  { labels }: LabelScheme,
  examples: readonly Post[],
  tagged: readonly WordRange[],
  words: number,
): Float32Array => {
  const alternatives = new Float32Array(examples.length * words * labels.length)
  for (const [row, post] of examples.entries()) {
    const { start, end } = tagged[row]!
    if (!isLabelledInPart(post)) continue
    for (let word = start; word < end; word++) {
      if (post.labels![word] !== 'O') continue
      const place = (row * words + word - start) * labels.length
      alternatives.set(
        labels.map(label => Number(mayStandUnlabelled(post, word, label))),
        place,
      )
    }
  }
  return alternatives
}

/** The shapes of the posts' words, row after row, each at all of its word's pieces. */
const fillShapes = (
  wordShape: (word: string) => number,
  examples: readonly Post[],
  rows: readonly EncodedPost[],
  positions: number,
): Int32Array => {
  const shapes = new Int32Array(examples.length * positions)
  for (const [row, { ids, firstPieces }] of rows.entries()) {
    const { words } = examples[row]!
    for (let word = 0; word < firstPieces.length; word++) {
      // The last id is [SEP].
      const [start, end] = [firstPieces[word]!, firstPieces[word + 1] ?? ids.length - 1]
      shapes.fill(wordShape(words[word]!), row * positions + start, row * positions + end)
    }
  }
  return shapes
}

/**
 * Makes one batch of examples: tokenised, padded, in plain typed arrays.
 *
 * @throws InvalidArgumentError for no examples, for one without labels when a scheme is given, for a label outside it, for
 * one of which not even a word fits, or when `padTo` is too short.
 */
export function collate(
  examples: readonly Post[],
  { tokenizer, scheme, alternatives = false, padTo = 'longest', wordShape, own }: CollateOptions,
): Batch {
  if (examples.length === 0) {
    throw new InvalidArgumentError({ argument: 'examples', rule: 'must be at least one', received: 'none' })
  }
  const batch = examples.length
  const rows = examples.map(example => tokenizer.encodeWords(example.words))
  const tagged = rows.map(({ firstPieces: { length } }, row): WordRange => {
    const { start, end } = own?.[row] ?? { start: 0, end: length }
    return { start, end: Math.min(end, length) }
  })
  const keptWords = tagged.map(({ start, end }) => Math.max(0, end - start))
  const empty = examples[keptWords.indexOf(0)]
  if (empty) {
    throw new InvalidArgumentError({
      argument: `${empty.source.file}:${empty.source.line}`,
      rule: 'must have a first word that fits into the greatest length',
      received: `post "${empty.id}", of which nothing is kept`,
      fix: 'Allow more positions.',
    })
  }
  const positions = positionsOf(rows, examples, padTo)
  const words = Math.max(...keptWords)
  const result: Batch = {
    examples,
    batch,
    positions,
    words,
    ids: new Int32Array(batch * positions).fill(tokenizer.specialIds?.pad ?? 0),
    mask: new Float32Array(batch * positions),
    firstPieces: new Int32Array(batch * words),
    wordMask: new Float32Array(batch * words),
    // No path has a NUL in it, so that no picture is ever taken for the want of one.
    pictureIds: examples.map((example, row) => pictureIdOf(example) ?? `\0without picture ${row}`),
    keptWords,
    unknownWords: rows.map(
      ({ unknown }, row) =>
        Array.from(unknown).filter(word => word >= tagged[row]!.start && word < tagged[row]!.end).length,
    ),
    cut: [],
  }
  for (const [row, { ids, firstPieces }] of rows.entries()) {
    const { id, source, words: all } = examples[row]!
    const { start, end } = tagged[row]!
    result.ids.set(ids, row * positions)
    result.mask.fill(1, row * positions, row * positions + ids.length)
    result.firstPieces.set(Array.from(firstPieces).slice(start, end), row * words)
    result.wordMask.fill(1, row * words, row * words + end - start)
    if (firstPieces.length < all.length) {
      result.cut.push({ id, ...source, words: all.length, kept: firstPieces.length })
    }
  }
  if (wordShape) result.shapes = fillShapes(wordShape, examples, rows, positions)
  if (scheme) {
    result.labelIds = fillLabels(scheme, examples, tagged, words)
    if (alternatives) result.alternatives = fillAlternatives(scheme, examples, tagged, words)
  }
  return result
}
