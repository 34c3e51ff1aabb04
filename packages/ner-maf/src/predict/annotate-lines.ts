import { join } from 'node:path'
import { checkPictureName } from '@mafjs/data'
import { InvalidArgumentError } from '@mafjs/tensor'
import type { PostInput } from './annotation'
import type { MafAnnotator } from './load-maf'

/** A line of JSONL output, and whether it is an annotation or an error. */
export interface OutputLine {
  line: string
  ok: boolean
  /** Whether the post names a picture. */
  hasPicture: boolean
}

interface LinePost extends PostInput {
  number: number
  id?: unknown
  /** What is wrong with the line itself. */
  failure?: Error
}

const utf8 = new TextDecoder('utf-8', { fatal: true })
const SHAPE =
  'must be one JSON object {"text": string, "image"?: string, "images"?: [string ...], "id"?: any}, with "tokens": [string ...] or both for "text"'

/** Reads one line; what is wrong with it becomes part of the post, so that the stream goes on. */
function readLine(bytes: Uint8Array, number: number, images: string): LinePost {
  let id: unknown
  const refuse = (argument: string, rule: string, received: unknown): never => {
    throw new InvalidArgumentError({ argument, rule, received })
  }
  try {
    const line = decodeLine(bytes, number)
    const post = parseLine(line, number)
    id = post.id
    const words = Array.isArray(post.tokens) ? { tokens: post.tokens as string[] } : {}
    // Where only the words are given, the text they are found in has one space between them.
    const text = post.text ?? words.tokens?.join(' ')
    if (typeof text !== 'string') return refuse(`stdin:${number}`, SHAPE, line.slice(0, 80))
    if (post.images !== undefined && post.images !== null) {
      const named = post.images
      if (!Array.isArray(named) || !named.every(name => typeof name === 'string')) {
        return refuse(`stdin:${number}`, 'must have a list of paths as "images"', JSON.stringify(named))
      }
      if (post.image !== undefined && post.image !== null) {
        return refuse(`stdin:${number}`, 'must have "image" or "images", not both', 'both')
      }
      for (const name of named) checkPictureName(name, 'stdin', number)
      return { number, id, text, ...words, images: named.map(name => join(images, name)) }
    }
    if (post.image === undefined || post.image === null) return { number, id, text, ...words }
    if (typeof post.image !== 'string') {
      return refuse(`stdin:${number}`, 'must have a path as "image"', post.image)
    }
    checkPictureName(post.image, 'stdin', number)
    return { number, id, text, ...words, image: join(images, post.image) }
  } catch (error) {
    return { number, id, text: '', failure: error as Error }
  }
}

function decodeLine(bytes: Uint8Array, number: number): string {
  try {
    return utf8.decode(bytes)
  } catch {
    throw new InvalidArgumentError({
      argument: `stdin:${number}`,
      rule: 'must be UTF-8 text',
      received: 'a byte sequence that is not UTF-8',
    })
  }
}

function parseLine(
  line: string,
  number: number,
): Partial<Record<'id' | 'text' | 'tokens' | 'image' | 'images', unknown>> {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch (error) {
    throw new InvalidArgumentError({
      argument: `stdin:${number}`,
      rule: SHAPE,
      received: `${line.slice(0, 80)} (${(error as Error).message})`,
    })
  }
  // An array or a plain value has no "text" and is refused for that.
  return (value ?? {}) as object
}

const isBlank = (bytes: Uint8Array): boolean =>
  bytes.every(byte => byte === 0x20 || byte === 0x09 || byte === 0x0d)

/**
 * Annotates posts given as JSONL lines in UTF-8; every line that is not blank gives exactly one line, in order: the
 * annotation, or `{"line", "id", "error"}` for a line that cannot be read.
 *
 * @param images the folder that the lines' pictures are in
 */
export async function* annotateLines(
  maf: Pick<MafAnnotator, 'annotateMany'>,
  lines: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  { images = '.', batchSize = 16 } = {},
): AsyncGenerator<OutputLine> {
  async function* posts(): AsyncGenerator<LinePost> {
    let number = 0
    for await (const line of lines) {
      number += 1
      if (!isBlank(line)) yield readLine(line, number, images)
    }
  }
  for await (const result of maf.annotateMany(posts(), { batchSize })) {
    const { number, id, failure, image, images = [] } = result.post
    const hasPicture = image !== undefined || images.length > 0
    const error = failure ?? ('error' in result ? result.error : undefined)
    if (error)
      yield { line: JSON.stringify({ line: number, id, error: error.message }), ok: false, hasPicture }
    else if ('annotation' in result) {
      yield { line: JSON.stringify({ id, ...result.annotation }), ok: true, hasPicture }
    }
  }
}
