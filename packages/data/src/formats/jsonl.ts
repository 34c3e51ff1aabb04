import { quoted, type Wrong } from '../posts/data-error'
import type { TextEntity } from '../posts/entity-words'
import { visiblePart } from '../posts/invisible'
import type { ParsedPost, Post } from '../posts/post'
import type { ProblemCode } from '../posts/problem'
import { labelReader } from '../posts/read-label'
import { type Format, idOfPlace, type Parsed, type Place } from './format'
import { readFields } from './json-fields'
import { digitsAsText, editJson } from './spelled-json'

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The value of a line, or why it has none. */
function parseJson(line: string): { value: unknown; reason?: string } {
  try {
    return { value: JSON.parse(line) }
  } catch (error) {
    return { value: undefined, reason: (error as Error).message }
  }
}

/** How each id was given first, and where. */
type SpelledIds = Map<string, { type: string; line: number }>

/** Says where the number 1 and the text "1" are the ids of two posts, which could not be told apart. */
function checkSpelling(
  post: ParsedPost,
  type: string,
  ids: SpelledIds,
  report: (code: ProblemCode, about: string, error?: Wrong) => void,
): void {
  const { id } = post
  const first = ids.get(id)
  if (!first) ids.set(id, { type, line: post.source.line })
  else if (first.type !== type) {
    post.fault ??= 'ambiguous-id'
    report('ambiguous-id', `has the id of line ${first.line} in another spelling`, {
      rule: 'must have an id that no other post has in another spelling',
      received: `${quoted(id)}, in line ${first.line} ${first.type === 'number' ? 'a number' : 'a text'}`,
      fix: 'Give each post an id of its own, all as texts or all as numbers.',
    })
  }
}

function parse(lines: readonly (string | undefined)[], place: Place): Parsed {
  const { file, line: start = 1 } = place
  const parsed: Parsed = { posts: [], problems: [] }
  const ids: SpelledIds = new Map()
  const unread = new Set<string>()
  const readLabel = labelReader(place.types)
  for (const [index, raw] of lines.entries()) {
    if (raw?.trim() === '') continue
    const line = index + start
    const written = { lines: [raw ?? ''], first: line }
    const post: ParsedPost = {
      id: idOfPlace(file, line),
      words: [],
      source: { file, line },
      pictures: [],
      written,
    }
    parsed.posts.push(post)
    if (raw === undefined) {
      post.fault = 'not-utf8'
      continue
    }
    const report = (code: ProblemCode, about: string, error?: Wrong): void => {
      // Such a field is said once: others may follow in every line.
      if (code === 'unknown-field' && unread.size === unread.add(about).size) return
      parsed.problems.push({ code, line, about, error })
    }
    const { value, reason } = parseJson(raw)
    if (!isObject(value)) {
      post.fault = 'unreadable-line'
      const rule = 'must be one JSON object'
      report(post.fault, rule, {
        rule,
        received: reason === undefined ? quoted(raw) : `${quoted(raw)} (${reason})`,
        fix:
          reason === undefined ? 'Write one post per line, not a list of posts.' : 'Write one post per line.',
      })
      continue
    }
    const { id } = digitsAsText(raw, value)
    if (typeof id !== typeof value['id']) report('rounded-id', 'a number that JSON readers write otherwise')
    post.written.fields = id === undefined ? value : { ...value, id }
    readFields(post, { place, readLabel, report })
    checkSpelling(post, typeof value['id'], ids, report)
  }
  return parsed
}

/** An entity as it was read; offsets that mean the same stay what they are. */
function entityToWrite(before: unknown, { type, start, end }: TextEntity, text = ''): object {
  const entity = before as { start: number; end: number; text?: unknown }
  const covered = text.slice(Number(entity.start), Number(entity.end))
  const [from, to] = visiblePart(text, Number(entity.start), Number(entity.end)) ?? []
  const isRight = from === start && to === end && covered.trim() === covered
  if (isRight && (entity.text ?? covered) === covered) return { ...entity, type }
  const after = { ...entity, type, start, end }
  return entity.text === undefined ? after : { ...after, text: text.slice(start, end) }
}

/** The fields of a post as they are to be written, from those it had. */
function fieldsToWrite(
  before: Record<string, unknown>,
  { text, labels, image, images, pictures, written }: Post,
) {
  const names = pictures ?? images ?? (image === undefined ? [] : [image])
  const after = { ...before }
  // A number that JSON readers change is a text in the fields.
  if (written?.fields?.['id'] !== undefined) after['id'] = written.fields['id']
  if (Array.isArray(before['labels'])) after['labels'] = labels
  if (Array.isArray(before['entities'])) {
    after['entities'] = before['entities'].map((entity, at) =>
      written?.entities?.[at] ? entityToWrite(entity, written.entities[at], text) : entity,
    )
  }
  const field = Array.isArray(before['images']) || names.length > 1 ? 'images' : 'image'
  if (names.length > 0) after[field] = field === 'images' ? names : names[0]
  else delete after[field]
  return after
}

function write(post: Post): string {
  const { id, text, words, labels, label, written } = post
  if (!written?.fields) {
    return `${JSON.stringify(fieldsToWrite({ id, text, tokens: words, labels: labels && [], label }, post))}\n`
  }
  const [raw = ''] = written.lines
  const json = editJson(raw, before => fieldsToWrite(before as Record<string, unknown>, post))
  return `${json === editJson(raw, before => before) ? raw.trim() : json}\n`
}

/** Whether the first line that is not blank is an object. */
function looksLike(lines: readonly string[]): boolean {
  const first = lines.find(line => line.trim() !== '') ?? ''
  return first.trimStart().startsWith('{') && isObject(parseJson(first).value)
}

/** JSONL: one post `{"id", "tokens" | "text", "labels" | "entities", "label", "image" | "images"}` per line; empty lines are skipped. */
export const jsonl: Format = { name: 'JSONL', suffixes: ['.jsonl', '.ndjson'], looksLike, parse, write }
