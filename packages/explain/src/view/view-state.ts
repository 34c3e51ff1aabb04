import type { Explanation } from '../explanation'
import type { MapKind } from './map-of'

/** Pictures as an `<img>` can show them, upright; null for one that cannot be shown. */
export type ShownPictures = readonly (string | null)[]

/** What the parts of the view are drawn from. */
export interface ViewState {
  explanation: Explanation
  /** As `pictures` of the explanation. */
  pictures: ShownPictures
  /** As `pictures` of its what-if with other ones. */
  otherPictures: ShownPictures
  /** The word in focus; -1 where there is none. */
  word: number
  /** The word that keyboard and touch chose; the pointer only looks at others. */
  chosen: number
  kind: MapKind
  /** Null for the mean of all heads. */
  head: number | null
}

/** What a person does with the view. */
export interface ViewActions {
  /** The pointer is over a word, or over none. */
  look(word: number | null): void
  /** A word was chosen. */
  choose(word: number): void
  showMap(kind: MapKind): void
  showHead(head: number | null): void
}

/** The word that the view begins with: the first of the first entity. */
export function firstWord({ words, entities }: Explanation): number {
  const starts = entities.map(({ start }) => start)
  const first = words.findIndex(({ start }) => start === Math.min(...starts))
  return first >= 0 ? first : Math.min(0, words.length - 1)
}
