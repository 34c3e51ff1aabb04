import { InvalidArgumentError } from '@mafjs/tensor/errors'
import type { Place } from '../formats/format'
import { jsonl } from '../formats/jsonl'
import { firstError, notUtf8 } from '../posts/problem'
import { LINE_LIMIT } from './stream-lines'

/** A post that is one line of JSON, and what its answer gives back of it. */
export interface PostLine {
  /** As the line has it, a number too large for a number as the string of its digits; absent where it has none. */
  id?: unknown
  /** Empty where the line cannot be read. */
  text: string
  /** Its words, where the line has them. */
  tokens?: string[] | undefined
  /** As the line names them. */
  pictures: string[]
  /** Names of its fields that are not read. */
  unread: readonly string[]
  /** What is wrong with the line, which is then no post. */
  failure?: Error | undefined
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

function decodeLine(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes)
  } catch {
    return undefined
  }
}

const blank = ({ file, line }: LinePlace): Error =>
  new InvalidArgumentError({
    argument: `${file}:${line}`,
    rule: 'must be one JSON object',
    received: 'a blank line',
    fix: 'Leave the line out; a line break after the last post is none.',
  })

const tooLong = ({ file, line, longest = LINE_LIMIT }: LinePlace): Error =>
  new InvalidArgumentError({
    argument: `${file}:${line}`,
    rule: `must have at most ${longest} bytes`,
    received: 'more',
    fix: 'Cut the text, and shrink the pictures that stand in it.',
  })

/** Where a line stands, as errors name it, counted from 1, and how it names pictures. */
export type LinePlace = Pick<Place, 'file' | 'pictureNaming'> & {
  line: number
  /** Bytes of the longest line. @default LINE_LIMIT */
  longest?: number | undefined
}

/** Reads a post to annotate, `{"text" | "tokens", "image" | "images", "id"}` in UTF-8; what is wrong becomes part of it. */
export function readPostLine(bytes: Uint8Array, place: LinePlace): PostLine {
  const none = { text: '', pictures: [], unread: [] }
  if (bytes.length > (place.longest ?? LINE_LIMIT)) return { ...none, failure: tooLong(place) }
  const line = decodeLine(bytes)
  const { posts, problems } = jsonl.parse([line], { ...place, labels: false })
  if (!posts[0]) return { ...none, failure: blank(place) }
  const { words, written, pictures, text = words.join(' ') } = posts[0]
  const { id, tokens } = written.fields ?? {}
  const unread = problems.flatMap(({ code, about }) => (code === 'unknown-field' ? [about] : []))
  const failure = firstError(place.file, line === undefined ? [notUtf8(place.line)] : problems)
  if (failure) return { ...none, id, unread, failure }
  // Where only the words are given, the text they are found in has one space between them.
  return { id, text, ...(Array.isArray(tokens) && { tokens: words }), pictures, unread }
}
