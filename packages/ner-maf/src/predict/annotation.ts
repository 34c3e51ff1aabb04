import type { OnBrokenPicture, PostInput, SkippedPicture } from '@mafjs/data'
import { InvalidArgumentError } from '@mafjs/tensor'
import type { AbortOptions } from '@mafjs/train'

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

/** Digits of a model's digest that stand in every line of posts that it annotated: 64 bits. */
const DIGEST_DIGITS = 16

/** The beginning of a model's digest, by which lines and folders name it. */
export const shortDigest = (digest: string): string => digest.slice(0, DIGEST_DIGITS)

/**
 * The line of a post among others: its number, the model, what of the post is given back, and what was found in it or was wrong.
 *
 * @param line its number
 */
export const annotationLine = (
  line: number,
  digest: string,
  said: object,
  outcome: Annotation | { error: string },
): string => JSON.stringify({ line, model: shortDigest(digest), ...said, ...outcome })

/** One post of many: its annotation, or what was wrong with it. */
export type AnnotationResult<Post extends PostInput = PostInput> =
  | { post: Post; annotation: Annotation }
  | { post: Post; error: Error }
