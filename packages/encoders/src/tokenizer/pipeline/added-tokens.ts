import { type AddedToken, isSteering, type TokenizerJson } from '../tokenizer-json'
import type { Normalise } from './normalizers'

/** A part of a text: an added token by its id, or text that the model cuts. */
export type Section = { id: number } | { text: string; isFirst: boolean }

/** Unicode's white space, which is not JavaScript's: a byte order mark is none. */
const SPACE_AT_START = /^\p{White_Space}+/u
const SPACE_AT_END = /(?<!\p{White_Space})\p{White_Space}+$/u
const WORD_BEFORE = /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]$/u
const WORD_AFTER = /^[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]/u

/** Finds tokens in a text: at every place the longest, whose `single_word`, `lstrip` and `rstrip` then count. */
function finder(tokens: readonly (readonly [content: string, token: AddedToken])[]) {
  const contents = new Map(tokens.filter(([content]) => content !== ''))
  if (contents.size === 0) return undefined
  const longestFirst = [...contents.keys()].sort((a, b) => b.length - a.length)
  const any = new RegExp(
    longestFirst
      .map(content => content.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&').replaceAll('\\-', '-'))
      .join('|'),
    'g',
  )
  return (text: string): Section[] => {
    const sections: Section[] = []
    let end = 0
    const pushText = (until: number): void => {
      if (until > end) sections.push({ text: text.slice(end, until), isFirst: end === 0 })
    }
    for (const { 0: content, index } of text.matchAll(any)) {
      const { id, single_word, lstrip, rstrip } = contents.get(content)!
      let [start, stop] = [index, index + content.length]
      if (
        single_word &&
        (WORD_BEFORE.test(lastTwo(text, start)) || WORD_AFTER.test(text.slice(stop, stop + 2)))
      ) {
        continue
      }
      if (lstrip) start = end + text.slice(end, start).replace(SPACE_AT_END, '').length
      if (rstrip) stop = text.length - text.slice(stop).replace(SPACE_AT_START, '').length
      // What a token before it took along is no longer there.
      if (start < end) start = end
      pushText(start)
      sections.push({ id })
      end = Math.max(end, stop)
    }
    pushText(text.length)
    return sections
  }
}

/** The character before a place, which may be two code units. */
const lastTwo = (text: string, place: number): string => text.slice(Math.max(0, place - 2), place)

/**
 * Takes the added tokens that stand for text out of it, as Hugging Face's `tokenizers` does: first those that are looked for in
 * the text as it is, then, in what is left, those that are looked for after it is normalised. The text of all sections is normalised.
 */
export function addedTokenSplitter(
  { added_tokens }: TokenizerJson,
  normalise: Normalise,
  steering: ReadonlySet<number>,
): (text: string) => Section[] {
  const tokens = (added_tokens ?? []).filter(token => !isSteering(token, steering))
  const raw = finder(
    tokens.filter(({ normalized }) => !normalized).map(token => [token.content, token] as const),
  )
  const normal = finder(
    tokens.filter(({ normalized }) => normalized).map(token => [normalise(token.content), token] as const),
  )
  const split = (section: Section, find: ((text: string) => Section[]) | undefined): Section[] => {
    if ('id' in section || !find) return [section]
    return find(section.text).map(part =>
      'id' in part ? part : { text: part.text, isFirst: part.isFirst && section.isFirst },
    )
  }
  return text =>
    split({ text, isFirst: true }, raw)
      .map(section => ('id' in section ? section : { ...section, text: normalise(section.text) }))
      .flatMap(section => split(section, normal))
      .filter(section => 'id' in section || section.text !== '')
}
