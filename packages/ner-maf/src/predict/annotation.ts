/** A post to be annotated. */
export interface PostInput {
  text: string
  /** Its words, in order and with nothing but white space between. @default split as the model's texts were */
  tokens?: readonly string[] | undefined
  /** A path, or the bytes of a picture file; left out for a post without a picture. */
  image?: string | Uint8Array | undefined
  /** Its pictures, where it has several; instead of `image`. */
  images?: readonly (string | Uint8Array)[] | undefined
}

/** An entity in a text. */
export interface AnnotatedEntity {
  type: string
  text: string
  /** First UTF-16 unit. */
  start: number
  /** The UTF-16 unit after the last. */
  end: number
  /** Probability of exactly this span and type. */
  score: number
}

/** What the model says of one post. */
export interface Annotation {
  entities: AnnotatedEntity[]
  /** Probability that text and picture belong together; null without a picture or a matching module. */
  match: number | null
  /** Words at the end that did not fit into the model's length and were not looked at. */
  cutWords: number
}

/** One post of many: its annotation, or what was wrong with it. */
export type AnnotationResult<Post extends PostInput = PostInput> =
  | { post: Post; annotation: Annotation }
  | { post: Post; error: Error }
