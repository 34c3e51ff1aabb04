import { InvalidArgumentError } from '@mafjs/tensor'
import type { TokenizerPart } from '../tokenizer-json'
import { toByteLetters } from './byte-letters'
import { patternOf } from './pattern'

/** Cuts a text into what the model takes by itself; `isFirst` where nothing stands before it. */
export type PreTokenise = (text: string, isFirst: boolean) => string[]

/** GPT-2's: contractions, letters, digits and signs, each with a space before it, and white space. */
const GPT2 =
  /'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu

/** ASCII's signs count as punctuation, whatever Unicode calls them. */
const BERT_PIECES = /[!-/:-@[-`{-~\p{P}]|[^!-/:-@[-`{-~\p{P}\p{White_Space}]+/gu
const WORDS =
  /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]+|[^\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}\p{White_Space}]+/gu
const PUNCTUATION = /[!-/:-@[-`{-~\p{P}]/gu
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
  const mark = String(replacement)
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
  const type = String(part.type)
  if (Object.hasOwn(MAKERS, type)) return MAKERS[type]!(part)
  throw new InvalidArgumentError({
    argument: 'tokenizer: pre_tokenizer',
    rule: `must be one of ${Object.keys(MAKERS).join(', ')}`,
    received: part.type ?? 'nothing',
    fix: 'Take a tokenizer.json without it: words would be cut otherwise than the encoder was trained with.',
  })
}
