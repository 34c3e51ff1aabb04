import { join } from 'node:path'
import { firstError, jsonl, notUtf8 } from '@mafjs/data'
import type { MafAnnotator } from '@mafjs/ner-maf'

/** A line of JSONL output, and whether it is an annotation or an error. */
export interface OutputLine {
  line: string
  ok: boolean
  /** Whether the post names a picture. */
  hasPicture: boolean
}

type PostInput = Parameters<MafAnnotator['annotate']>[0]

interface LinePost extends PostInput {
  number: number
  id?: unknown
  /** What is wrong with the line itself. */
  failure?: Error
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

function decodeLine(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes)
  } catch {
    return undefined
  }
}

/** Reads one line, if it is not blank; what is wrong with it becomes part of the post, so that the stream goes on. */
function readLine(bytes: Uint8Array, number: number, images: string): LinePost | undefined {
  const line = decodeLine(bytes)
  const { posts, problems } = jsonl.parse([line], { file: 'stdin', line: number, labels: false })
  if (!posts[0]) return undefined
  const { words, written, pictures, text = words.join(' ') } = posts[0]
  const { id, tokens } = written.fields ?? {}
  const failure = firstError('stdin', line === undefined ? [notUtf8(number)] : problems)
  if (failure) return { number, id, text: '', failure }
  return {
    ...{ number, id, text },
    // Where only the words are given, the text they are found in has one space between them.
    ...(Array.isArray(tokens) && { tokens: words }),
    ...(pictures.length > 0 && { images: pictures.map(name => join(images, name)) }),
  }
}

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
      const post = readLine(line, number, images)
      if (post) yield post
    }
  }
  for await (const result of maf.annotateMany(posts(), { batchSize })) {
    const { number, id, failure, images = [] } = result.post
    const hasPicture = images.length > 0
    const error = failure ?? ('error' in result ? result.error : undefined)
    if (error)
      yield { line: JSON.stringify({ line: number, id, error: error.message }), ok: false, hasPicture }
    else if ('annotation' in result) {
      yield { line: JSON.stringify({ id, ...result.annotation }), ok: true, hasPicture }
    }
  }
}
