import { readJsonText } from '@mafjs/tensor/json'
import { quoted, type Wrong } from '../posts/data-error'
import type { ParsedPost } from '../posts/post'
import type { ProblemCode } from '../posts/problem'
import { labelReader } from '../posts/read-label'
import type { OffsetReading } from '../posts/text-offsets'
import { type Format, idOfPlace, type Parsed, type Place } from './format'
import { type Fields, readFields } from './json-fields'
import { Refused, refuse } from './refused'
import { digitsAsText } from './spelled-json'

/** Whether a value is an object of JSON, and no list. */
export const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The value of a line, or why it has none. */
export function parseJson(line: string): { value: unknown; reason?: string } {
  try {
    return { value: readJsonText(line) }
  } catch (error) {
    return { value: undefined, reason: (error as Error).message }
  }
}

/** What another tool's record is in the fields of JSONL. */
export interface ReadRecord {
  fields: Fields
  /** What its offsets count, where the tool says so. @default what the place says */
  offsets?: OffsetReading['offsets']
}

/** What a tool's record is read with. */
export interface RecordContext {
  place: Place
  /** Says what posts do not have: it is counted for each file. */
  leave: (code: 'not-carried' | 'left-out', what: string) => void
  /**
   * Whether a task was annotated alike in an earlier record of the file.
   *
   * @throws Refused where it was annotated otherwise: which of two is right cannot be guessed.
   */
  again: (task: string, annotation: string) => boolean
  /** The record again, with the strings of their digits for numbers that JavaScript does not keep. */
  exact: () => Fields
}

/** A format of one JSON value per post. */
export interface RecordFormat extends Partial<Omit<Format, 'name'>> {
  name: string
  /** Whether a value is surely a record of this format. */
  isRecord(value: unknown): boolean
  /**
   * What a record is in the fields of JSONL; nothing where it is no post, which it has said.
   *
   * @throws Refused for what no post can hold.
   */
  read(record: Fields, context: RecordContext): ReadRecord | undefined
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

/** Reads posts of one JSON value each: of JSONL's own fields, or of what a tool's record is in them. */
export function parseRecords(
  lines: readonly (string | undefined)[],
  place: Place,
  format?: RecordFormat,
): Parsed {
  const { file, line: start = 1 } = place
  const parsed: Parsed = { posts: [], problems: [] }
  const ids: SpelledIds = new Map()
  const unread = new Set<string>()
  const again = annotatedAgain()
  const readLabel = labelReader(place.types)
  for (const [index, raw] of lines.entries()) {
    if (raw?.trim() === '') continue
    const source = place.places?.[index] ?? { file, line: index + start }
    const { line } = source
    const written = { lines: [format ? '' : (raw ?? '')], first: line }
    const post: ParsedPost = {
      id: idOfPlace(source.file, line),
      words: [],
      source,
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
      parsed.problems.push({ code, file: source.file, line, about, error })
    }
    const { value, reason } = parseJson(raw)
    if (!isObject(value) && !(format && Array.isArray(value))) {
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
    const own = value as Fields
    const { id } = digitsAsText(raw, own)
    if (typeof id !== typeof own['id']) report('rounded-id', 'a number that JSON readers write otherwise')
    const record = id === undefined ? own : { ...own, id }
    const read = format
      ? readAs(format, record, { place, report, post, again, exact: () => digitsAsText(raw, own) })
      : { fields: record }
    if (!read) {
      if (post.fault === undefined) parsed.posts.pop()
      continue
    }
    if (!format) post.written.fields = record
    const offsets = place.offsets ?? read.offsets
    readFields(post, read.fields, { place: { ...place, offsets }, readLabel, report })
    checkSpelling(post, typeof own['id'], ids, report)
  }
  return parsed
}

/** Remembers the annotation of each task. */
function annotatedAgain(): RecordContext['again'] {
  const first = new Map<string, string>()
  return (task, annotation) => {
    const earlier = first.get(task)
    if (earlier === undefined) first.set(task, annotation)
    if (earlier !== undefined && earlier !== annotation) {
      refuse(
        'must have one annotation for each task',
        `another one of the task ${task}, which an earlier record has`,
        'Keep the annotations of one person, or those that were decided on.',
      )
    }
    return earlier !== undefined
  }
}

/** A tool's record in the fields of JSONL; nothing where it is left out, or refused and that was said. */
function readAs(
  format: RecordFormat,
  record: Fields,
  {
    report,
    post,
    ...context
  }: Omit<RecordContext, 'leave'> & {
    report: (code: ProblemCode, about: string, error?: Wrong) => void
    post: ParsedPost
  },
): ReadRecord | undefined {
  try {
    return format.read(record, { ...context, leave: (code, what) => report(code, what) })
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    post.fault = error.code
    report(error.code, error.wrong.rule, error.wrong)
    return undefined
  }
}

/** How many lines are looked at to tell a format. */
const LOOKED_AT = 200

/** Whether a value has labels or entities as JSONL itself has them. */
const isOwn = (value: unknown): boolean => {
  if (!isObject(value)) return false
  const { labels, entities } = value
  const areLabels = Array.isArray(labels) && labels.every(label => typeof label === 'string')
  const areEntities =
    Array.isArray(entities) && entities.some(entity => isObject(entity) && typeof entity['type'] === 'string')
  return areLabels ? labels.length > 0 : areEntities
}

/** A format whose lines are records of a tool: the first that is labelled, as a tool does or as JSONL has it, tells. */
export function recordFormat(format: RecordFormat): Format {
  return {
    suffixes: [],
    looksLike(lines) {
      const values = lines.filter(line => line.trim() !== '').slice(0, LOOKED_AT)
      for (const line of values) {
        const { value } = parseJson(line)
        if (isOwn(value)) return false
        if (format.isRecord(value)) return true
      }
      return false
    },
    parse: (lines, place) => parseRecords(lines, place, format),
    ...format,
  }
}
