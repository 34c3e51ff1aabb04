import { quoted, type Wrong } from '../posts/data-error'
import type { ParsedPost, Post } from '../posts/post'
import type { ProblemCode } from '../posts/problem'
import { type Format, idOfPlace, type Parsed, type Place } from './format'
import { readFields } from './json-fields'

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A number that JSON.parse would round, as a string. */
const withStringId = (raw: string): string => raw.replace(/("id"\s*:\s*)(-?\d{16,})(?=\s*[,}])/, '$1"$2"')

/** The value of a line, or why it has none. */
function parseJson(line: string): { value: unknown; reason?: string } {
  try {
    return { value: JSON.parse(line) }
  } catch (error) {
    return { value: undefined, reason: (error as Error).message }
  }
}

function parse(lines: readonly (string | undefined)[], place: Place): Parsed {
  const { file, line: start = 1 } = place
  const parsed: Parsed = { posts: [], problems: [] }
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
    post.written.fields = value
    if (typeof value['id'] === 'number' && !Number.isSafeInteger(value['id'])) {
      const spelled = withStringId(raw)
      if (spelled !== raw) report('rounded-id', 'an id beyond 2^53')
      post.written.fields = JSON.parse(spelled)
    }
    readFields(post, place, report)
  }
  return parsed
}

const renameType = (entity: unknown): unknown =>
  (entity as { type?: unknown }).type === 'OTHER' ? { ...(entity as object), type: 'MISC' } : entity

function write({ id, text, words, labels, image, images, pictures, written }: Post): string {
  const names = pictures ?? images ?? (image === undefined ? [] : [image])
  const before = written?.fields ?? { id, text, tokens: words, labels: labels && [] }
  const after = { ...before }
  if (Array.isArray(before['labels'])) after['labels'] = labels
  if (Array.isArray(before['entities'])) after['entities'] = before['entities'].map(renameType)
  const [field, named] =
    Array.isArray(before['images']) || names.length > 1 ? ['images', names] : ['image', names[0]]
  if (names.length > 0) after[field] = named
  else delete after[field]
  const json = JSON.stringify(after)
  const [raw = ''] = written?.fields ? written.lines : []
  // An id beyond 2^53 is a string in the fields, not in the line.
  return `${raw !== '' && json === JSON.stringify(JSON.parse(raw)) ? raw.trim() : json}\n`
}

/** Whether the first line that is not blank is an object. */
function looksLike(lines: readonly string[]): boolean {
  const first = lines.find(line => line.trim() !== '') ?? ''
  return first.trimStart().startsWith('{') && isObject(parseJson(first).value)
}

/** JSONL: one post `{"id", "tokens" | "text", "labels" | "entities", "image" | "images"}` per line; empty lines are skipped. */
export const jsonl: Format = { name: 'JSONL', suffixes: ['.jsonl', '.ndjson'], looksLike, parse, write }
