import { InvalidArgumentError } from '@mafjs/tensor'
import { atWordStart } from './at-word-start'
import { tokenizerPipeline } from './pipeline/tokenizer-pipeline'
import type { Encode } from './pipeline/word-piece'
import { findSpecialIds, framingOf, type SpecialIds, type SpecialTokens } from './special-tokens'
import { assertWordwise, countIds, steeringIds, type TokenizerJson } from './tokenizer-json'

/** What a word tokenizer is made from. */
export interface WordTokenizerOptions {
  /** The content of a `tokenizer.json` with WordPiece, BPE over bytes, or Unigram with word marks. */
  tokenizer: TokenizerJson
  /** Most ids of one sentence, `[CLS]` and `[SEP]` included; at least 3. @default 512 */
  maxLength?: number | undefined
  /** Words whose pieces are remembered. @default 50_000 */
  cacheSize?: number | undefined
  /** Names of the framing tokens, where `tokenizer` leaves them open. */
  specialTokens?: SpecialTokens | undefined
}

/** A sentence as ids; every word is in exactly one of `firstPieces` (by its place) and `cut`. */
export interface EncodedWords {
  /** `[CLS]`, the pieces of the kept words, `[SEP]`. */
  ids: number[]
  /** For each kept word, where in `ids` its first piece is. Words are cut at the end only: word i is entry i. */
  firstPieces: number[]
  /** Kept words that became nothing (or alone exceed `maxLength`) and stand as one `[UNK]`: their indices. */
  unknown: number[]
  /** Words that `maxLength` cut off: their indices, a tail of the sentence. */
  cut: number[]
}

/** Cuts words into pieces and knows which piece begins which word. */
export interface WordTokenizer {
  /** The content of `tokenizer.json`, as it was given, to be saved with a model. */
  readonly definition: TokenizerJson
  readonly maxLength: number
  /** One more than the highest id: the rows that an embedding table needs. */
  readonly vocabSize: number
  /** The ids of the framing tokens. */
  readonly specialIds: SpecialIds
  /** A sentence that is already split into words. */
  encodeWords(words: readonly string[]): EncodedWords
  /** A running text, or two, uncut: `[CLS] text [SEP]` or `[CLS] text [SEP] pair [SEP]`; RoBERTa has two between. */
  encodeText(text: string, pair?: string): number[]
}

/** A longer word is not remembered: a hostile text should not fill the memory. */
const LONGEST_CACHED_WORD = 64

/**
 * A tokenizer that keeps words apart: each is cut by itself, as it is cut within a sentence, after a space. What is
 * typed is text: `[SEP]` or `<mask>` in a tweet are cut into ordinary pieces and never become the tokens that steer the
 * model.
 *
 * @throws InvalidArgumentError for a tokenizer of another model, or one that lacks a framing token.
 */
export function createWordTokenizer({
  tokenizer,
  maxLength = 512,
  cacheSize = 50_000,
  specialTokens = {},
}: WordTokenizerOptions): WordTokenizer {
  assertWordwise(tokenizer)
  if (!Number.isInteger(maxLength) || maxLength < 3) {
    throw new InvalidArgumentError({
      argument: 'maxLength',
      rule: 'must be an integer of at least 3: [CLS], one piece, [SEP]',
      received: maxLength,
    })
  }
  const specialIds = findSpecialIds(tokenizer, specialTokens)
  const { cls, sep, unk } = specialIds
  const { between } = framingOf(tokenizer)
  const steering = steeringIds(tokenizer, specialIds)
  // A vocabulary may hold a steering token that no pre-tokenizer took apart.
  const asText = new Set(steering)
  asText.delete(unk)
  const pipeline = (definition: TokenizerJson): Encode => {
    const encode = tokenizerPipeline(definition, steering, unk)
    return text => encode(text).map(id => (asText.has(id) ? unk : id))
  }
  const wordwise = atWordStart(tokenizer)
  const piecesOf = pipeline(wordwise)
  let piecesOfText = wordwise === tokenizer ? piecesOf : undefined
  const encodeWhole = (text: string): number[] => {
    // Made only where it is wanted: a large vocabulary takes a second and its memory.
    piecesOfText ??= pipeline(tokenizer)
    return piecesOfText(text)
  }
  const cache = new Map<string, readonly number[]>()
  const piecesOfWord = (word: string): readonly number[] => {
    const known = cache.get(word)
    if (known) return known
    const pieces = piecesOf(word)
    if (word.length <= LONGEST_CACHED_WORD && cacheSize > 0) {
      if (cache.size >= cacheSize) cache.delete(cache.keys().next().value as string)
      cache.set(word, pieces)
    }
    return pieces
  }

  return {
    definition: tokenizer,
    maxLength,
    vocabSize: countIds(tokenizer),
    specialIds,
    encodeWords(words) {
      const encoded: EncodedWords = { ids: [cls], firstPieces: [], unknown: [], cut: [] }
      const { ids, firstPieces, unknown, cut } = encoded
      for (const [index, word] of words.entries()) {
        if (typeof word !== 'string') {
          throw new InvalidArgumentError({
            argument: `words[${index}]`,
            rule: 'must be a string',
            received: word,
          })
        }
        const pieces = piecesOfWord(word)
        const isUnknown = pieces.length === 0 || pieces.length > maxLength - 2
        const size = isUnknown ? 1 : pieces.length
        if (cut.length > 0 || ids.length + size + 1 > maxLength) {
          cut.push(index)
          continue
        }
        firstPieces.push(ids.length)
        if (isUnknown) unknown.push(index)
        ids.push(...(isUnknown ? [unk] : pieces))
      }
      ids.push(sep)
      return encoded
    },
    encodeText(text, pair) {
      const first = [cls, ...encodeWhole(text)]
      if (pair === undefined) return [...first, sep]
      return [...first, ...Array<number>(between).fill(sep), ...encodeWhole(pair), sep]
    },
  }
}
