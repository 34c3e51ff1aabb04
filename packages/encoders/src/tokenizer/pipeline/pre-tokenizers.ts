import { asText } from '@mafjs/tensor/json'
import type { TokenizerPart } from '../tokenizer-json'
import { toByteLetters } from './byte-letters'
import { makePart } from './make-part'
import { patternOf } from './pattern'

/** Cuts a text into what the model takes by itself; `isFirst` where nothing stands before it. */
export type PreTokenise = (text: string, isFirst: boolean) => string[]

/** GPT-2's: contractions, letters, digits and signs, each with a space before it, and white space. */
const GPT2 =
  /'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu

/**
 * Signs that became punctuation after Unicode 8 of 2015, by which the tokenizers go that encoders were trained with: letters
 * here. (U+166D was punctuation until then.)
 */
const NEWER = (
  '61d 9fd a76 c77 c84 1b4e-1b4f 1b7d-1b7f 2e43-2e4f 2e52-2e5d 10d6e 10ead 10ed0 10f55-10f59 10f86-10f89 111c9 ' +
  '113d4-113d5 113d7-113d8 1144b-1144f 1145a-1145b 1145d 11660-1166c 116b9 1183b 11944-11946 119e2 11a3f-11a46 ' +
  '11a9a-11a9c 11a9e-11aa2 11b00-11b09 11be1 11c41-11c45 11c70-11c71 11ef7-11ef8 11f43-11f4f 11fff 12ff1-12ff2 ' +
  '16d6d-16d6f 16e97-16e9a 16fe2 1e5ff 1e95e-1e95f'
)
  .replace(/[\da-f]+/g, code => `\\u{${code}}`)
  .replaceAll(' ', '')

/** A sign that stands by itself: ASCII's do, whatever Unicode calls them. */
const SIGN = `(?![${NEWER}])[!-/:-@\\[-\`{-~\\u166d\\p{P}]`
const PUNCTUATION = new RegExp(SIGN, 'gu')
const BERT_PIECES = new RegExp(`${SIGN}|(?:(?!${SIGN})\\P{White_Space})+`, 'gu')
const WORDS =
  /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]+|[^\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}\p{White_Space}]+/gu
const DIGITS = /\p{N}/gu

const matches =
  (expression: RegExp): PreTokenise =>
  text =>
    text.match(expression) ?? []

/** How what is found is set apart from the rest. */
function splitting(found: RegExp, behavior: unknown, invert = false): PreTokenise {
  return text => {
    const cuts: { piece: string; isFound: boolean }[] = []
    let end = 0
    for (const { 0: piece, index } of text.matchAll(found)) {
      if (index > end) cuts.push({ piece: text.slice(end, index), isFound: invert })
      if (piece !== '') cuts.push({ piece, isFound: !invert })
      end = index + piece.length
    }
    if (end < text.length) cuts.push({ piece: text.slice(end), isFound: invert })
    return joined(cuts, behavior)
  }
}

function joined(cuts: { piece: string; isFound: boolean }[], behavior: unknown): string[] {
  const pieces: string[] = []
  let wasFound = false
  let glue = false
  for (const { piece, isFound } of cuts) {
    if (behavior === 'Removed' && isFound) continue
    const joins =
      (behavior === 'Contiguous' && isFound && wasFound) ||
      (behavior === 'MergedWithPrevious' && isFound && !wasFound) ||
      (behavior === 'MergedWithNext' && glue)
    if (joins && pieces.length > 0) pieces[pieces.length - 1] += piece
    else pieces.push(piece)
    glue = isFound
    wasFound = isFound
  }
  return pieces
}

function byteLevel({ add_prefix_space, use_regex }: TokenizerPart): PreTokenise {
  return text => {
    const given = add_prefix_space !== false && !text.startsWith(' ') ? ` ${text}` : text
    const parts = use_regex === false ? [given] : (given.match(GPT2) ?? [])
    return parts.map(toByteLetters)
  }
}

function metaspace({
  replacement = '▁',
  prepend_scheme,
  add_prefix_space,
  split,
}: TokenizerPart): PreTokenise {
  const mark = asText(replacement)
  const scheme = prepend_scheme ?? (add_prefix_space === false ? 'never' : 'always')
  return (text, isFirst) => {
    const marked = text.replaceAll(' ', mark)
    const prepends = (scheme === 'always' || (scheme === 'first' && isFirst)) && !marked.startsWith(mark)
    const whole = prepends ? mark + marked : marked
    if (split === false) return whole === '' ? [] : [whole]
    const [head, ...rest] = whole.split(mark)
    return [...(head ? [head] : []), ...rest.map(part => mark + part)]
  }
}

const MAKERS: Readonly<Record<string, (part: TokenizerPart) => PreTokenise>> = {
  BertPreTokenizer: () => matches(BERT_PIECES),
  Whitespace: () => matches(WORDS),
  WhitespaceSplit: () => matches(/\P{White_Space}+/gu),
  ByteLevel: byteLevel,
  Metaspace: metaspace,
  Punctuation: ({ behavior = 'Isolated' }) => splitting(PUNCTUATION, behavior),
  Digits: ({ individual_digits }) => splitting(DIGITS, individual_digits ? 'Isolated' : 'Contiguous'),
  Split: ({ pattern, behavior, invert }) =>
    splitting(patternOf(pattern, 'pre_tokenizer: Split'), behavior, invert === true),
  Sequence: ({ pretokenizers }) => {
    const all = (Array.isArray(pretokenizers) ? pretokenizers : []).map(preTokenizerOf)
    return (text, isFirst) =>
      all.reduce<string[]>(
        (pieces, cut) => pieces.flatMap((piece, i) => cut(piece, isFirst && i === 0)),
        text === '' ? [] : [text],
      )
  },
}

/**
 * The pre-tokenizer of a `tokenizer.json`.
 *
 * @throws InvalidArgumentError for one of another type.
 */
export function preTokenizerOf(part: TokenizerPart | null | undefined): PreTokenise {
  if (part === null || part === undefined) return text => (text === '' ? [] : [text])
  return makePart('pre_tokenizer', part, MAKERS)
}
