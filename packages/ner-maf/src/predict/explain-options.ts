import { InvalidArgumentError } from '@mafjs/tensor'
import { type AnnotateOptions, assertAnnotateOptions } from './annotation'

/** How a post is explained. */
export interface ExplainOptions extends AnnotateOptions {
  /** Whether the same text is read without its pictures, too, and what that changes. @default false */
  withoutPicture?: boolean | undefined
  /** A path or the bytes of another picture, with which the same text is read, too. @default none */
  otherPicture?: string | Uint8Array | undefined
  /**
   * Whether the regions of the pictures are hidden one by one, which reads the post once for each region.
   * @default false
   */
  occlusion?: boolean | undefined
}

/**
 * Checks how a post is to be explained.
 *
 * @throws InvalidArgumentError for what annotating would refuse, an option of another type, or one about pictures for a model
 * that reads none.
 */
export function assertExplainOptions(options: ExplainOptions, readsPictures: boolean): void {
  assertAnnotateOptions(options)
  const { withoutPicture = false, otherPicture, occlusion = false } = options
  const refuse = (argument: string, rule: string, received: unknown): never => {
    throw new InvalidArgumentError({ argument, rule, received })
  }
  for (const [argument, value] of Object.entries({ withoutPicture, occlusion })) {
    if (typeof value !== 'boolean') refuse(argument, 'must be true or false', value)
  }
  const isSource = typeof otherPicture === 'string' || otherPicture instanceof Uint8Array
  if (otherPicture !== undefined && !isSource) {
    const received = otherPicture === null ? 'null' : typeof otherPicture
    refuse('otherPicture', 'must be a path, a Buffer or a Uint8Array', received)
  }
  const asked = Object.entries({ withoutPicture, otherPicture, occlusion }).find(([, value]) => value)
  if (asked && !readsPictures) {
    refuse(asked[0], 'must be left out of a model of text alone: no picture is read', typeof asked[1])
  }
}
