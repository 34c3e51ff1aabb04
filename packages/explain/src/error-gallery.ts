import type { ExplainedEntity, Explanation } from './explanation'

/** An entity of the gold labels, or one that was predicted. */
export interface GalleryEntity extends Omit<ExplainedEntity, 'score'> {
  /** Probability of exactly this span and type; null where nobody gave one, as of gold. */
  score: number | null
}

/** A gold and a predicted entity that belong together, or one that is alone. */
export interface GalleryMatch {
  /** The `name` of a kind of error; any other is right. */
  class: string
  /** Null where something was found that is none. */
  gold: GalleryEntity | null
  /** Null where it was missed. */
  predicted: GalleryEntity | null
}

/** A post of which not all is right. */
export interface GalleryPost {
  id: string
  matches: GalleryMatch[]
  explanation: Explanation
}

/** A kind of error. */
export interface GalleryClass {
  /** As `class` of a match names it, such as `boundaryAndType`. */
  name: string
  /** As a person reads it, such as `boundary and type`. */
  title: string
  meaning: string
  /** Entities of all posts, shown or not. */
  count: number
}

/** The errors of an evaluation, as far as they are shown: plain JSON. */
export interface ErrorGallery {
  /** What was evaluated on what, in a sentence. */
  about: string
  /** Kinds of errors, in the order in which they are shown. */
  classes: GalleryClass[]
  /** How many posts were scored. */
  scored: number
  /** How many of those have an error, shown or not. */
  wrong: number
  /** Those that are shown, in their order. */
  posts: GalleryPost[]
}
