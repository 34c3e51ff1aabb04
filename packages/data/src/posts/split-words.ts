import { InvalidArgumentError } from '@mafjs/tensor'
import { isInvisible, withoutInvisible } from './invisible'

/** How text becomes words; part of a model's configuration, since its labels are labels of these words. */
export const SPLITTER_NAMES = ['tweet', 'characters', 'whitespace'] as const

/** How texts become words. */
export type SplitterName = (typeof SPLITTER_NAMES)[number]

/** The words of a text and where they stand. */
export interface SplitText {
  words: string[]
  /** `[start, end]` of every word in UTF-16 units, end exclusive. */
  offsets: [start: number, end: number][]
}

// Letters, digits and their marks; the two joiners stand inside words of Persian and of India's scripts.
const LETTER = String.raw`[\p{L}\p{N}\p{M}]`
const RUN = String.raw`${LETTER}+(?:[\u200c\u200d]+${LETTER}+)*`
const NO_LETTER_BEFORE = String.raw`(?<![\p{L}\p{N}\p{M}])`
const NO_LETTER_AFTER = String.raw`(?![\p{L}\p{N}\p{M}])`

/**
 * What stays one word in a tweet, the first that fits. It follows Twitter-2015's files: mentions, hashtags, web
 * addresses and hyphenated words stay whole, apostrophes and all other punctuation are words of their own, sign by sign
 * (`don ' t`, `U . S .`). Their split before an underscore (`@ab _ cd`) is an accident of those files and not followed.
 */
const TWEET_WORDS = [
  // A web address ends before the punctuation of the sentence around it; retweets cut it anywhere and add an ellipsis.
  String.raw`(?:https?:\/\/|www\.)[^\s<>"]*[^\s<>"'.,;:!?()[\]{}…‘’“”]…?`,
  String.raw`${NO_LETTER_BEFORE}(?:https?:?\/{0,2}(?:t\.(?:co?)?)?|htt?|h)…`,
  String.raw`${NO_LETTER_BEFORE}[\w.+-]{0,63}\w@\w[\w-]*(?:\.\w[\w-]*)+`,
  `&(?:amp|lt|gt|quot)${NO_LETTER_AFTER}`,
  `${NO_LETTER_BEFORE}w/o?${NO_LETTER_AFTER}`,
  // Emoticons of signs alone, then those with a letter or digit in them, which must stand alone.
  String.raw`[:;=]['’]?-?[)(\]\[|*]+(?!\w)|:-?[\/\\](?![\/\\\w])|\^[_.-]?\^|<\/?3(?!\w)`,
  `${NO_LETTER_BEFORE}(?:[:;=]-?[DPpOoXx3]|[xX]D+|[oO]_[oO]|-_+-|T_T)${NO_LETTER_AFTER}`,
  String.raw`[@#](?:${LETTER}|_)+(?:[\u200c\u200d]+(?:${LETTER}|_)+)*`,
  String.raw`${NO_LETTER_BEFORE}\$[A-Za-z]{1,6}${NO_LETTER_AFTER}`,
  String.raw`${NO_LETTER_BEFORE}\p{N}+(?:[.,/]\p{N}+)+${NO_LETTER_AFTER}`,
  `${RUN}(?:[-_‐‑]${RUN})*`,
].join('|')

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })
const WHITE_SPACE = /\s/
/** Below this a sign joins nothing: the combining marks begin here. */
const FIRST_MARK = 0x300

/** Half a pair is a sign of its own, and takes the segmenter long. */
const isLoneSurrogate = (text: string, at: number): boolean => {
  const point = text.codePointAt(at)!
  return point >= 0xd800 && point <= 0xdfff
}

/** The end of the grapheme that begins at `start`: an emoji with its modifiers and joined parts is one sign. */
const graphemeEnd = (text: string, start: number): number => {
  const plain = (at: number): boolean => !(text.charCodeAt(at) >= FIRST_MARK)
  if ((plain(start) && plain(start + 1)) || isLoneSurrogate(text, start)) return start + 1
  // Segmenting the whole text from each sign on would take quadratic time; a few units are nearly always enough.
  for (let size = 32; ; size *= 2) {
    const window = text.slice(start, start + size)
    const { segment } = graphemes.segment(window).containing(0)!
    if (segment.length + 2 > window.length && start + size < text.length) continue
    // A few signs (U+0600 ...) take even a following space into their grapheme.
    const space = segment.search(WHITE_SPACE)
    return start + (space < 0 ? segment.length : space)
  }
}

const SPLITTERS: Record<SplitterName, (text: string) => (start: number) => number> = {
  tweet: text => {
    const pattern = new RegExp(TWEET_WORDS, 'uy')
    return start => {
      pattern.lastIndex = start
      return pattern.test(text) ? pattern.lastIndex : graphemeEnd(text, start)
    }
  },
  characters: text => start => graphemeEnd(text, start),
  whitespace: text => {
    const pattern = /\S+/y
    return start => {
      pattern.lastIndex = start
      pattern.test(text)
      return pattern.lastIndex
    }
  },
}

/** Where the words of a text stand; joiners and variation selectors on their own are none. */
function offsetsIn(text: string, splitter: SplitterName): [start: number, end: number][] {
  const endOfWord = SPLITTERS[splitter](text)
  const offsets: [number, number][] = []
  for (let start = 0; start < text.length; ) {
    if (WHITE_SPACE.test(text[start]!)) {
      start++
      continue
    }
    const end = endOfWord(start)
    if (!isInvisible(text.slice(start, end))) offsets.push([start, end])
    start = end
  }
  return offsets
}

/**
 * Splits a text into words. Every UTF-16 unit that can be seen belongs to exactly one word, and no word begins or ends inside
 * a surrogate pair. Invisible signs (soft hyphens, zero width spaces, marks of direction ...) part no word and are none.
 *
 * - `tweet`: words, mentions, hashtags, web addresses, emoticons and emoji; all other signs alone
 * - `characters`: one word per character as a reader sees it (grapheme), for scripts without spaces
 * - `whitespace`: whatever stands between white space, for text that is split already
 *
 * @throws InvalidArgumentError for another splitter.
 */
export function splitWords(text: string, splitter: SplitterName): SplitText {
  if (!SPLITTER_NAMES.includes(splitter)) {
    throw new InvalidArgumentError({
      argument: 'splitter',
      rule: `must be one of ${SPLITTER_NAMES.join(', ')}`,
      received: splitter,
    })
  }
  const visible = withoutInvisible(text)
  const offsets = visible
    ? offsetsIn(visible.text, splitter).map(([start, end]): [number, number] => [
        visible.at[start]!,
        visible.at[end - 1]! + 1,
      ])
    : offsetsIn(text, splitter)
  return { words: offsets.map(([start, end]) => text.slice(start, end)), offsets }
}
