import type { SplitText } from './split-words'

/** A typed span of a text in UTF-16 units, end exclusive. */
export interface TextEntity {
  type: string
  start: number
  end: number
}

/** Words that end and begin wherever an entity does, and how many more of them that made. */
export interface EntityWords extends SplitText {
  splits: number
}

/**
 * Splits words again where an entity begins or ends inside one, so that no entity is lost or widened.
 */
export function splitAtEntities(
  text: string,
  offsets: SplitText['offsets'],
  entities: readonly TextEntity[],
): EntityWords {
  const borders = [...new Set(entities.flatMap(({ start, end }) => [start, end]))].sort((a, b) => a - b)
  const split: [number, number][] = []
  let next = 0
  for (const [start, end] of offsets) {
    let from = start
    while (next < borders.length && borders[next]! <= start) next++
    for (; next < borders.length && borders[next]! < end; next++) {
      split.push([from, borders[next]!])
      from = borders[next]!
    }
    split.push([from, end])
  }
  const words = split.map(([start, end]) => text.slice(start, end))
  return { words, offsets: split, splits: split.length - offsets.length }
}

/** BIO labels of words that no entity begins or ends inside of. */
export function labelsOfEntities(offsets: SplitText['offsets'], entities: readonly TextEntity[]): string[] {
  const labels = offsets.map(() => 'O')
  for (const { type, start, end } of entities) {
    const first = offsets.findIndex(([from]) => from >= start)
    for (let word = first; word >= 0 && word < offsets.length && offsets[word]![1] <= end; word++) {
      labels[word] = `${word === first ? 'B' : 'I'}-${type}`
    }
  }
  return labels
}

/**
 * Finds given tokens in the text they were made from: in order, with nothing but white space between them.
 *
 * @returns their offsets, or the index of the token that does not fit (the token count when text is left over).
 */
export function findTokens(
  text: string,
  tokens: readonly string[],
): { offsets: [start: number, end: number][] } | { misfit: number } {
  const offsets: [number, number][] = []
  const fits = (from: number, to: number): boolean => text.slice(from, to).trim() === ''
  let position = 0
  for (const [index, token] of tokens.entries()) {
    const start = text.indexOf(token, position)
    if (start < 0 || !fits(position, start)) return { misfit: index }
    position = start + token.length
    offsets.push([start, position])
  }
  return fits(position, text.length) ? { offsets } : { misfit: tokens.length }
}
