import { join } from 'node:path'
import { type LinePlace, readPostLine } from '@mafjs/data'
import { type AnnotateOptions, annotationLine, type MafAnnotator } from '@mafjs/ner-maf'

/** A line of JSONL output, and whether it is an annotation or an error. */
export interface OutputLine {
  line: string
  ok: boolean
  /** Whether the post names a picture. */
  hasPicture: boolean
  /** Whether it was read without some of them. */
  skips: boolean
  /** Names of its fields that are not read. */
  unread: readonly string[]
}

type PostInput = Parameters<MafAnnotator['annotate']>[0]

interface LinePost extends PostInput {
  number: number
  /** What of the post its line gives back, so that the line is a post too. */
  said: object
  unread: readonly string[]
  /** What is wrong with the line itself. */
  failure?: Error | undefined
  /** Whether all that was read is answered after it, before more is waited for. */
  isLast: boolean
}

/** Reads one line; what is wrong with it becomes part of the post, so that the stream goes on. */
function readLine(bytes: Uint8Array, place: LinePlace, images: string): Omit<LinePost, 'isLast'> {
  const { id, text, tokens, pictures, unread, failure } = readPostLine(bytes, place)
  const [image, ...others] = pictures
  return {
    ...{ number: place.line, text, tokens, unread, failure },
    ...(image !== undefined && { images: pictures.map(name => join(images, name)) }),
    said: failure ? { id } : { id, text, tokens, ...(others.length > 0 ? { images: pictures } : { image }) },
  }
}

/** Where lines come from. */
export interface LineSource {
  /** As errors name it. @default 'stdin' */
  file?: string | undefined
  /** The number of the first line. @default 1 */
  first?: number | undefined
}

/** How lines are annotated. */
export interface AnnotateLinesOptions extends LineSource, Omit<AnnotateOptions, 'signal'> {
  /** The folder that the lines' pictures are in. @default '.' */
  images?: string | undefined
  /** Posts that are computed together. @default 16 */
  batchSize?: number | undefined
  /** Posts that are sorted by length together. @default 8 batches, or one post where a batch is one */
  window?: number | undefined
  /** Lines after which all that was read is answered before more is waited for. @default none */
  lastOfChunks?: WeakSet<Uint8Array> | undefined
}

/**
 * Annotates posts given as JSONL lines in UTF-8; every line, blank ones too, gives exactly one line, in order: its number and
 * the model's digest, and its post with the annotation, or with `"error"` where it cannot be read.
 */
export async function* annotateLines(
  maf: Pick<MafAnnotator, 'annotateMany' | 'digest'>,
  lines: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  { images = '.', lastOfChunks, file = 'stdin', first = 1, ...options }: AnnotateLinesOptions = {},
): AsyncGenerator<OutputLine> {
  async function* posts(): AsyncGenerator<LinePost> {
    let line = first
    for await (const bytes of lines) {
      yield { ...readLine(bytes, { file, line: line++ }, images), isLast: lastOfChunks?.has(bytes) ?? false }
    }
  }
  const endsWindow = ({ isLast }: LinePost): boolean => isLast
  for await (const result of maf.annotateMany(posts(), { ...options, endsWindow })) {
    const { number, said: post, unread, failure, images = [] } = result.post
    const hasPicture = images.length > 0
    const error = failure ?? ('error' in result ? result.error : undefined)
    const said = 'annotation' in result && !error ? result.annotation : { error: error!.message }
    const line = annotationLine(number, maf.digest, post, said)
    yield { line, ok: !error, hasPicture, skips: 'skippedPictures' in said, unread }
  }
}
