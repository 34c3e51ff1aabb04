/** A rectangle in parts of a picture's width and height, from 0 to 1. */
export interface Box {
  left: number
  top: number
  width: number
  height: number
}

/** A picture as a person sees it, and what of it the model saw. */
export interface ExplainedPicture {
  /** Its path as it was given, or which one it is where bytes were given, such as `images[0]`. */
  name: string
  /** Pixels, upright: its EXIF orientation is undone. */
  width: number
  height: number
  /** What was left of it when it was resized and cropped. */
  seen: Box
  /** Rows and columns of its regions, which divide `seen` evenly. */
  rows: number
  columns: number
}

/** How far fusion's gates are open for a word: over the channels of its first piece, each from 0 to 1. */
export interface GateSummary {
  mean: number
  /** At 5, 25, 50, 75 and 95 %. */
  quantiles: [number, number, number, number, number]
}

/**
 * What a word looks at: one number for each region, those of the first picture row by row, then those of the next; each list
 * sums to 1, or to less where an encoder has a region that is no place in the picture. It is no proof that the region mattered.
 */
export interface AttentionMap {
  /** The mean of the heads. */
  mean: number[]
  /** One list for each head of the last layer. */
  heads: number[][]
}

/** A word of the text and what the model made of it. */
export interface ExplainedWord {
  text: string
  /** First UTF-16 unit in the text. */
  start: number
  /** The UTF-16 unit after the last. */
  end: number
  /** The label it was given; `O` for a word beyond the model's length. */
  label: string
  /** The probability of every label, in the order of `labels`, over all paths; null beyond the model's length. */
  probabilities: number[] | null
  /** Null without a picture or a gate. */
  gate: GateSummary | null
  /** Null without a picture, or where no word attends to regions. */
  attention: AttentionMap | null
  /**
   * For each region, in the order of attention, how much the probability of the word's label falls when the region is hidden:
   * in [-1, 1], below 0 where it rises. Null where it was not asked for, or without a picture.
   */
  occlusion: number[] | null
}

/** An entity as annotating gives it. */
export interface ExplainedEntity {
  type: string
  text: string
  start: number
  end: number
  /** Probability of exactly this span and type. */
  score: number
}

/** What another picture, or none, changes of one entity. */
export interface EntityChange {
  /** `type`: the same span of another type; `score`: the same span and type. */
  kind: 'gone' | 'new' | 'type' | 'score'
  before: ExplainedEntity | null
  after: ExplainedEntity | null
}

/** What the model says of the same text without its picture, or with another. */
export interface WhatIf {
  picture: 'none' | 'other'
  /** The other pictures, as `pictures` of the explanation; empty for none. */
  pictures: ExplainedPicture[]
  entities: ExplainedEntity[]
  match: number | null
  /** What differs, in the order of the text. */
  changes: EntityChange[]
}

/** Why a post was annotated as it was: plain JSON. */
export interface Explanation {
  text: string
  entities: ExplainedEntity[]
  /** Probability that text and picture belong together; null without a picture or a matching module. */
  match: number | null
  /** Words at the end that did not fit into the model's length. */
  cutWords: number
  /** Names of the model's labels. */
  labels: string[]
  words: ExplainedWord[]
  pictures: ExplainedPicture[]
  /** Pictures that could not be read, and why; absent where all could. */
  skippedPictures?: { picture: string; reason: string }[]
  whatIf: WhatIf[]
  /** Sentences for a person: what the model has not, such as a gate. */
  notes: string[]
}
