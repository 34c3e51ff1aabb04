import { splitWords } from '@mafjs/data'

/** What was changed, by kind; each counts tokens of the file, or places where some became one. */
export const CUTS = ['handles', 'hashtags', 'contractions', 'references', 'split', 'invisible'] as const

/** How often each was done. */
export type CutCounts = Record<(typeof CUTS)[number], number>

/** Words and their labels. */
export interface Labelled {
  words: string[]
  labels: string[]
}

/** Whether a text is what may stand after an `@`. */
const isName = (text: string): boolean => /^\w+$/.test(text) && /\D/.test(text)

/** How many tokens are a handle that a retweet begins with: `RT @ ab _ cd :`, as WNUT-17 cuts them; 0 where it is not sure. */
function retweetedHandle(words: readonly string[], at: number): number {
  if (!/^rt$/i.test(words[at - 1] ?? '')) return 0
  const end = words.indexOf(':', at + 1)
  const parts = words.slice(at + 1, end)
  return end - at <= 6 && parts.includes('_') && parts.every(part => /^\w+$/.test(part)) ? end - at : 0
}

/**
 * How many tokens from one on were written as one, and what they are.
 *
 * An `@` that has no label before a place, or before a name of several words, is the word "at".
 */
function writtenAsOne(
  { words, labels }: Labelled,
  at: number,
  apart: boolean,
): { count: number; kind?: keyof CutCounts } {
  const [word, next, third] = words.slice(at, at + 3) as [string, string | undefined, string | undefined]
  const none = { count: 1 }
  if (next === undefined) return none
  const [label, nextLabel, thirdLabel = 'O'] = labels.slice(at, at + 3) as [string, string, string?]
  const goesOn = nextLabel.startsWith('B-') && thirdLabel.startsWith('I-')
  const isOneWord = label !== 'O' || !goesOn
  const head = splitWords(word + next, 'tweet').words[0]!
  if (apart && word === '@' && head.length > 1 && isName(head.slice(1))) {
    const long = retweetedHandle(words, at)
    if (long > 0) return { count: long, kind: 'handles' }
    const isCut = third?.startsWith('_') ?? false
    const isAt = label === 'O' && nextLabel.endsWith('-LOC')
    if (isOneWord && !isCut && !isAt) return { count: 2, kind: 'handles' }
  }
  if (apart && word === '#' && head.length > 1 && isOneWord && !third?.startsWith('_'))
    return { count: 2, kind: 'hashtags' }
  if (label !== 'O' || nextLabel !== 'O') return none
  const pair = `${word} ${next}`.toLowerCase()
  if (/^\p{L}+ n['’]t$|^(gon|wan) na$|^got ta$/u.test(pair)) return { count: 2, kind: 'contractions' }
  if (/^& (amp|lt|gt|quot)$/.test(pair) && third === ';') return { count: 2, kind: 'references' }
  return none
}

/** The labels of the words that a token becomes. */
function labelsOf(pieces: readonly string[], label: string, following: string | undefined): string[] {
  if (label === 'O') return pieces.map(() => label)
  // What follows a handle or a hashtag in its token is none of it: a colon, 's; unless the entity goes on.
  const isTag = /^[@#]./.test(pieces[0]!) && !following?.startsWith('I-')
  return pieces.map((_, i) => (i === 0 ? label : isTag ? 'O' : `I-${label.slice(2)}`))
}

/**
 * Cuts labelled words as the splitter `tweet` cuts a user's text, where it is sure how they were written: each token as that
 * splitter would, and what it never parts together again. `counts` is added to.
 *
 * @param options.apart whether the file has `@` and the name as two tokens.
 */
export function recut(
  post: Labelled,
  counts: CutCounts,
  { apart = false }: { apart?: boolean } = {},
): Labelled {
  const cut: Labelled = { words: [], labels: [] }
  const { words, labels } = post
  for (let at = 0; at < words.length; ) {
    const { count, kind } = writtenAsOne(post, at, apart)
    const pieces = splitWords(words.slice(at, at + count).join(''), 'tweet').words
    const label = labels.slice(at, at + count).find(one => one !== 'O') ?? 'O'
    if (kind !== undefined) counts[kind]++
    else if (pieces.length > 1) counts.split++
    else if (pieces.length === 0) counts.invisible++
    cut.words.push(...pieces)
    cut.labels.push(...labelsOf(pieces, label, labels[at + count]))
    at += count
  }
  return cut
}

/** Nothing changed yet. */
export const noCuts = (): CutCounts => Object.fromEntries(CUTS.map(kind => [kind, 0])) as CutCounts
