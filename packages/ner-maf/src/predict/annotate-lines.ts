import { join } from 'node:path'
import { InvalidArgumentError } from '@mafjs/tensor'
import { checkPictureName } from '../data'
import type { MafAnnotator, PostInput } from './load-maf'

/** A line of JSONL output, and whether it is an annotation or an error. */
export interface OutputLine {
  line: string
  ok: boolean
}

interface LinePost extends PostInput {
  number: number
  id?: unknown
  /** What is wrong with the line itself. */
  failure?: Error
}

/** Reads one line; what is wrong with it becomes part of the post, so that the stream goes on. */
function readLine(line: string, number: number, images: string): LinePost {
  let id: unknown
  try {
    const post = JSON.parse(line) as { id?: unknown; text?: unknown; image?: unknown } | null
    id = post?.id
    if (typeof post?.text !== 'string') {
      throw new InvalidArgumentError({
        argument: `line ${number}`,
        rule: 'must be {"text": string, "image"?: string, "id"?: any}',
        received: line.slice(0, 80),
      })
    }
    if (post.image === undefined || post.image === null) return { number, id, text: post.text }
    if (typeof post.image !== 'string') {
      throw new InvalidArgumentError({
        argument: `line ${number}: image`,
        rule: 'must be a path within the images folder',
        received: post.image,
      })
    }
    checkPictureName(post.image, 'stdin', number)
    return { number, id, text: post.text, image: join(images, post.image) }
  } catch (error) {
    return { number, id, text: '', failure: error as Error }
  }
}

/**
 * Annotates posts given as JSONL lines; every non-empty line gives exactly one line, in order: the annotation, or
 * `{"line", "id", "error"}` for a line that cannot be read.
 */
export async function* annotateLines(
  maf: MafAnnotator,
  lines: AsyncIterable<string> | Iterable<string>,
  { images = '.', batchSize = 16 } = {},
): AsyncGenerator<OutputLine> {
  async function* posts(): AsyncGenerator<LinePost> {
    let number = 0
    for await (const line of lines) {
      number += 1
      if (line.trim() !== '') yield readLine(line, number, images)
    }
  }
  for await (const result of maf.annotateMany(posts(), { batchSize })) {
    const { number, id, failure } = result.post
    const error = failure ?? ('error' in result ? result.error : undefined)
    if (error) yield { line: JSON.stringify({ line: number, id, error: error.message }), ok: false }
    else if ('annotation' in result) yield { line: JSON.stringify({ id, ...result.annotation }), ok: true }
  }
}
