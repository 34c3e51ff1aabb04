import type { OnBrokenPicture } from '@mafjs/data'
import { InvalidArgumentError } from '@mafjs/tensor'
import type { AbortOptions } from '@mafjs/train'

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

/** How posts are annotated. */
export interface AnnotateOptions extends AbortOptions {
  /** Entities whose score is lower are left out. @default 0 */
  minScore?: number | undefined
  /**
   * What a picture that cannot be read does: `stop` makes its post an error, `skip` leaves the picture out, and the annotation
   * says so. @default 'stop'
   */
  onBrokenPicture?: OnBrokenPicture | undefined
}

/**
 * Checks how posts are to be annotated.
 *
 * @throws InvalidArgumentError for a score outside of 0 to 1, or another word than `stop` and `skip`.
 */
export function assertAnnotateOptions({ minScore = 0, onBrokenPicture = 'stop' }: AnnotateOptions): void {
  if (!(minScore >= 0 && minScore <= 1)) {
    throw new InvalidArgumentError({ argument: 'minScore', rule: 'must be from 0 to 1', received: minScore })
  }
  if (!['stop', 'skip'].includes(onBrokenPicture)) {
    const rule = 'must be stop or skip'
    throw new InvalidArgumentError({ argument: 'onBrokenPicture', rule, received: onBrokenPicture })
  }
}

/** A picture that was left out, and why. */
export interface SkippedPicture {
  /** Its path, or which one it is where bytes were given, such as `images[0]`. */
  picture: string
  reason: string
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
  /** The pictures that could not be read; absent where all could. */
  skippedPictures?: SkippedPicture[]
}

/** One post of many: its annotation, or what was wrong with it. */
export type AnnotationResult<Post extends PostInput = PostInput> =
  | { post: Post; annotation: Annotation }
  | { post: Post; error: Error }
