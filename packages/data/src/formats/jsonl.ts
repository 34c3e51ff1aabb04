import type { TextEntity } from '../posts/entity-words'
import { visiblePart } from '../posts/invisible'
import type { Post } from '../posts/post'
import { ownId, type WritingFormat } from './format'
import { isObject, parseJson, parseRecords } from './records'
import { editJson } from './spelled-json'

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
  { text, labels, image, images, pictures, written, labelledTypes, unlabelled }: Post,
) {
  const names = pictures ?? images ?? (image === undefined ? [] : [image])
  const after = { ...before }
  // A number that JSON readers change is a text in the fields.
  if (written?.fields?.['id'] !== undefined) after['id'] = written.fields['id']
  if (Array.isArray(before['labels'])) after['labels'] = labels
  if (labelledTypes) after['labelledTypes'] = labelledTypes
  if (unlabelled?.length) after['unlabelledTokens'] = unlabelled
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
  const { text, words, labels, label, written } = post
  if (!written?.fields) {
    // What had offsets in its text keeps them: its words are whatever a splitter finds.
    const id = ownId(post)
    const own = written?.entities
      ? { id, text, entities: written.entities, label }
      : { id, text, tokens: words, labels: labels && [], label }
    return `${JSON.stringify(fieldsToWrite(own, post))}\n`
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
export const jsonl: WritingFormat = {
  name: 'JSONL',
  suffixes: ['.jsonl', '.ndjson'],
  looksLike,
  parse: (lines, place) => parseRecords(lines, place),
  write,
}
