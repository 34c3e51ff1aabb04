import { isInvisible } from './invisible'
import type { SplitText } from './split-words'

/** A typed span of a text in UTF-16 units, end exclusive. */
export interface TextEntity {
  type: string
  start: number
  end: number
  /** How probable a model found it; absent for what people marked. */
  score?: number
}

/** BIO labels of words that no entity begins or ends inside of. */
export function labelsOfEntities(offsets: SplitText['offsets'], entities: readonly TextEntity[]): string[] {
  const labels = offsets.map(() => 'O')
  let word = 0
  for (const { type, start, end } of [...entities].sort((a, b) => a.start - b.start)) {
    while (word < offsets.length && offsets[word]![1] <= start) word++
    for (let prefix = 'B'; word < offsets.length && offsets[word]![0] < end; word++, prefix = 'I') {
      labels[word] = `${prefix}-${type}`
    }
  }
  return labels
}

/**
 * Finds given tokens in the text they were made from: in order, with nothing that can be seen between them.
 *
 * @returns their offsets, or the index of the token that does not fit (the token count when text is left over).
 */
export function findTokens(
  text: string,
  tokens: readonly string[],
): { offsets: [start: number, end: number][] } | { misfit: number } {
  const offsets: [number, number][] = []
  const fits = (from: number, to: number): boolean => isInvisible(text.slice(from, to))
  let position = 0
  for (const [index, token] of tokens.entries()) {
    const start = text.indexOf(token, position)
    if (start < 0 || !fits(position, start)) return { misfit: index }
    position = start + token.length
    offsets.push([start, position])
  }
  return fits(position, text.length) ? { offsets } : { misfit: tokens.length }
}
