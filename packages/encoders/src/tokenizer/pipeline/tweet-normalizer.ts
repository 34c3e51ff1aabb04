import { htmlCharacters } from './html-characters'

/** A letter of a word: Unicode's, not ASCII's alone. */
const W = '[\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}]'
const LETTER = `(?![\\p{Nd}_])${W}`
/** The dotted capital I is one of these where case is looked through, as Python's regex does. */
const AZ = 'a-z\\u0130'
const SPACE = '\\p{White_Space}'
const EYES = '[:;=8]'
const MOUTH = '[)\\](\\[dDpP/:}{@|\\\\]'
const NESTED = `\\([^${SPACE}()]*?\\([^${SPACE}()]+\\)[^${SPACE}()]*?\\)`
const BRACKETED = `\\([^${SPACE}]+?\\)`

/** What a tweet is cut into, what comes first counts: links, telephone numbers, faces, tags, arrows, names, words, signs. */
const PIECES = new RegExp(
  [
    `(?:https?:(?:/{1,3}|[${AZ}0-9%])|[${AZ}0-9.\\-]+[.][${AZ}]{2,13}/)` +
      // A character at a time, not a run: a run of runs could be cut in more ways than can be tried.
      `(?:[^${SPACE}()<>{}\\[\\]]|${NESTED}|${BRACKETED})+` +
      `(?:${NESTED}|${BRACKETED}|[^${SPACE}\`!()\\[\\]{};:'".,<>?«»“”‘’])`,
    `(?<!@)[${AZ}0-9]+(?:[.\\-][${AZ}0-9]+)*[.][${AZ}]{2,13}(?!${W})/?(?!@)`,
    '(?:\\+?[01][ *\\-.)]*)?(?:[(]?\\p{Nd}{3}[ *\\-.)]*)?\\p{Nd}{3}[ *\\-.)]*\\p{Nd}{4}',
    `[<>]?${EYES}[\\-o*']?${MOUTH}|${MOUTH}[\\-o*']?${EYES}[<>]?|<3`,
    `<[^>${SPACE}]+>`,
    '[\\-]+>|<[\\-]+',
    `@${W}+`,
    `#+${W}+(?:${W}|['\\-])*${W}+`,
    `(?:${W}|[.+\\-])+@(?:${W}|-)+\\.(?:(?:${W}|-)\\.?)+(?:${W}|-)`,
    `${LETTER}(?:${LETTER}|['\\-_])+${LETTER}`,
    '[+\\-]?\\p{Nd}+[,/.:\\-]\\p{Nd}+[+\\-]?',
    `${W}+`,
    `\\.(?:${SPACE}*\\.)+`,
    `[^${SPACE}]`,
  ].join('|'),
  'giu',
)

/** One after the other, as they were in training. */
const CONTRACTIONS: readonly (readonly [string, string])[] = [
  ['cannot ', 'can not '],
  ["n't ", " n't "],
  ["n 't ", " n't "],
  ["ca n't", "can't"],
  ["ai n't", "ain't"],
  ["'m ", " 'm "],
  ["'re ", " 're "],
  ["'s ", " 's "],
  ["'ll ", " 'll "],
  ["'d ", " 'd "],
  ["'ve ", " 've "],
  [' p . m .', '  p.m.'],
  [' p . m ', ' p.m '],
  [' a . m .', ' a.m.'],
  [' a . m ', ' a.m '],
]

/** A longer text is made of links and names alone: the patterns look again and again at what stands before them. */
const LONGEST = 2000

const pieceOf = (piece: string): string => {
  if (piece.startsWith('@')) return '@USER'
  return /^(http|www)/i.test(piece) ? 'HTTPURL' : piece
}

/** What BERTweet's authors make of a tweet before it is cut (Nguyen et al. 2020), but for emoji, which keep their form. */
export function normaliseTweet(tweet: string): string {
  const plain = htmlCharacters(tweet.replaceAll('\u2019', "'").replaceAll('\u2026', '...'))
  const short = plain.replace(/([^a-zA-Z0-9])\1{3,}/gu, '$1$1$1')
  const pieces = (short.length > LONGEST ? short.match(/\P{White_Space}+/gu) : short.match(PIECES)) ?? []
  return CONTRACTIONS.reduce((text, [from, to]) => text.replaceAll(from, to), pieces.map(pieceOf).join(' '))
}
