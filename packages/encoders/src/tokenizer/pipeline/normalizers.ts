import { asText } from '@mafjs/tensor/json'
import { readCharsmap } from '../charsmap'
import type { TokenizerPart } from '../tokenizer-json'
import { makePart } from './make-part'
import { patternOf } from './pattern'
import { normaliseTweet } from './tweet-normalizer'

/** Rewrites a text before it is cut. */
export type Normalise = (text: string) => string

/** What becomes a blank: the tabulator and line breaks are white space here, and no controls. */
const BLANK = /\p{White_Space}/gu
const CONTROLS = /[\0\u{fffd}]|(?![\t\n\r])[\p{Cc}\p{Cf}\p{Co}]/gu
const NONSPACING_MARKS = /\p{Mn}/gu
const ALL_MARKS = /\p{M}/gu

/** What BERT's first authors call a Chinese character: the CJK blocks, and nothing of kana or Hangul. */
const IDEOGRAPHS =
  /[\u4e00-\u9fff\u3400-\u4dbf\u{20000}-\u{2a6df}\u{2a700}-\u{2b73f}\u{2b740}-\u{2b81f}\u{2b920}-\u{2ceaf}\uf900-\ufaff\u{2f800}-\u{2fa1f}]/gu

/** One character after another, as Rust does it: JavaScript looks at a sigma's neighbours. */
const lowerCase: Normalise = text => Array.from(text, character => character.toLowerCase()).join('')

function bertNormalizer({
  clean_text,
  handle_chinese_chars,
  strip_accents,
  lowercase,
}: TokenizerPart): Normalise {
  const strips = strip_accents ?? lowercase
  return text => {
    let result = text
    if (clean_text !== false) result = result.replace(CONTROLS, '').replace(BLANK, ' ')
    if (handle_chinese_chars !== false) result = result.replace(IDEOGRAPHS, ' $& ')
    if (strips) result = result.normalize('NFD').replace(NONSPACING_MARKS, '')
    return lowercase ? lowerCase(result) : result
  }
}

function replacing({ pattern, content }: TokenizerPart): Normalise {
  const found = patternOf(pattern, 'normalizer')
  const text = asText(content)
  return given => given.replace(found, () => text)
}

const MAKERS: Readonly<Record<string, (part: TokenizerPart) => Normalise>> = {
  BertNormalizer: bertNormalizer,
  /** Ours: no `tokenizer.json` of others has it. */
  Bertweet: () => normaliseTweet,
  Lowercase: () => lowerCase,
  NFC: () => text => text.normalize('NFC'),
  NFD: () => text => text.normalize('NFD'),
  NFKC: () => text => text.normalize('NFKC'),
  NFKD: () => text => text.normalize('NFKD'),
  StripAccents: () => text => text.replace(ALL_MARKS, ''),
  Strip:
    ({ strip_left, strip_right }) =>
    text => {
      const left = strip_left === false ? text : text.replace(/^\p{White_Space}+/u, '')
      return strip_right === false ? left : left.replace(/(?<!\p{White_Space})\p{White_Space}+$/u, '')
    },
  Replace: replacing,
  Prepend:
    ({ prepend }) =>
    text =>
      text === '' ? text : `${prepend}${text}`,
  Precompiled: ({ precompiled_charsmap: table }) =>
    typeof table === 'string' && table !== '' ? readCharsmap(table) : text => text,
  Sequence: ({ normalizers }) => {
    const all = (Array.isArray(normalizers) ? normalizers : []).map(normalizerOf)
    return text => all.reduce((result, normalise) => normalise(result), text)
  },
}

/**
 * The normalizer of a `tokenizer.json`.
 *
 * @throws InvalidArgumentError for one of another type.
 */
export function normalizerOf(part: TokenizerPart | null | undefined): Normalise {
  if (part === null || part === undefined) return text => text
  return makePart('normalizer', part, MAKERS)
}
