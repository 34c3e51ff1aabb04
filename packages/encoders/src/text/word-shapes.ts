import { InvalidArgumentError } from '@mafjs/tensor'

/**
 * What the spelling of a word as it was written can say, by id. Names and order are part of every model that was trained with
 * them: who changes either makes models of before unreadable, which `assertWordShapes` says.
 */
export const WORD_SHAPES = [
  /** paris, 手机: nothing of its own. So are special tokens and padding. */
  'plain',
  /** Paris, I'm */
  'initial',
  /** NATO, U.S. */
  'capitals',
  /** iPhone, McDonald, Jean-Pierre */
  'mixed',
  /** I, A, J.: a capital that the beginning of a sentence, or the word alone, may ask for. */
  'letter',
  /** 2026, 3.5, 10:30, $5 */
  'digits',
  /** 4th, gr8 */
  'digits-letters',
  /** COVID-19, F16, iPhone6 */
  'digits-capitals',
  /** `@who` */
  'handle',
  /** #nofilter */
  'hashtag',
  /** #MadridOpen */
  'hashtag-capitals',
  /** `https://a.example/b`, `me@a.example` */
  'address',
  /** Neither letter nor digit: punctuation, emoji. */
  'signs',
] as const

/** One of {@link WORD_SHAPES}. */
export type WordShape = (typeof WORD_SHAPES)[number]

const HANDLE = /^[@＠][\p{L}\p{N}_]/u
const HASHTAG = /^[#＃][\p{N}_]*\p{L}/u
/** With a scheme (or what a retweet left of one), of the web by its name or its path, or of a person. */
const ADDRESS =
  /^(?:[a-z][a-z\d+.-]*:\/\/|www\.)\S|^https?(?![\p{L}\p{N}])|^(?:[a-z\d-]+\.)+[a-z]{2,}\/|^[^\s@]+@[^\s@]+\.[^\s@.]+$/iu
const LETTERS = /\p{L}/gu
const CAPITALS = /[\p{Lu}\p{Lt}]/gu
const SMALL = /\p{Ll}/u
const DIGITS = /\p{N}/u
/** The first letter that has a case is a capital. */
const CAPITAL_FIRST = /^\P{Ll}*[\p{Lu}\p{Lt}]/u

const count = (word: string, pattern: RegExp): number => word.match(pattern)?.length ?? 0

function shapeOf(word: string): WordShape {
  if (ADDRESS.test(word)) return 'address'
  if (HANDLE.test(word)) return 'handle'
  const capitals = count(word, CAPITALS)
  if (HASHTAG.test(word)) return capitals > 0 ? 'hashtag-capitals' : 'hashtag'
  const letters = count(word, LETTERS)
  const hasDigits = DIGITS.test(word)
  if (letters === 0) return hasDigits ? 'digits' : 'signs'
  if (hasDigits) return capitals > 0 ? 'digits-capitals' : 'digits-letters'
  if (capitals === 0) return 'plain'
  if (letters === 1) return 'letter'
  if (capitals === 1) return CAPITAL_FIRST.test(word) ? 'initial' : 'mixed'
  return SMALL.test(word) ? 'mixed' : 'capitals'
}

/**
 * The shape of a word as it was written, before a tokenizer lowers its case: its place in `WORD_SHAPES`. Letters of scripts
 * without case count as letters alone.
 */
export const wordShape = (word: string): number => WORD_SHAPES.indexOf(shapeOf(word))

/**
 * Checks that a list of shapes that a model was trained with is that of this version.
 *
 * @throws InvalidArgumentError for any other.
 */
export function assertWordShapes(wordShapes: readonly string[]): void {
  const isOurs =
    Array.isArray(wordShapes) &&
    wordShapes.length === WORD_SHAPES.length &&
    WORD_SHAPES.every((name, id) => wordShapes[id] === name)
  if (isOurs) return
  throw new InvalidArgumentError({
    argument: 'wordShapes',
    rule: `must be WORD_SHAPES, in this version ${WORD_SHAPES.join(', ')}`,
    received: Array.isArray(wordShapes) ? wordShapes.join(', ') || 'none' : wordShapes,
    fix: 'Give WORD_SHAPES, or leave it out; a model trained with others needs the version that trained it.',
  })
}
