import { basename } from 'node:path'
import { checkPictureName } from '../pictures/picture-files'
import { dataError, quoted, type Refuse, shownJson } from '../posts/data-error'
import { findTokens, labelsOfEntities, splitAtEntities } from '../posts/entity-words'
import type { Example } from '../posts/example'
import { readEntities } from '../posts/read-entities'
import { type LabelPlace, readLabel } from '../posts/read-label'
import { type SplitText, type SplitterName, splitWords } from '../posts/split-words'
import type { Post, TextCounts } from './reading'

/** Where a JSONL post stands and how it is read. */
export interface PostOptions extends Omit<LabelPlace, 'onMapped'> {
  /** How `text` is split into words. @default 'tweet' */
  splitter?: SplitterName
}

/** A post read from one JSON line, and what had to be counted on the way. */
export interface ParsedPost extends Post {
  counts: TextCounts
}

type Words = Pick<SplitText, 'words'> & Partial<SplitText>

const isWord = (value: unknown): value is string => typeof value === 'string' && value !== ''

const readObject = (json: string, refuse: Refuse): Record<string, unknown> => {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch (error) {
    refuse(
      'must be one JSON object',
      `${quoted(json)} (${(error as Error).message})`,
      'Write one post per line.',
    )
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refuse('must be one JSON object', quoted(json), 'Write one post per line, not a list of posts.')
  }
  // null says the same as nothing
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null))
}

const readTokens = (tokens: unknown, text: string | undefined, refuse: Refuse): Words => {
  if (!Array.isArray(tokens) || tokens.length === 0 || !tokens.every(isWord)) {
    return refuse(
      'must have words as "tokens", none empty',
      shownJson(tokens),
      'Write a list of strings there.',
    )
  }
  if (text === undefined) return { words: tokens }
  const found = findTokens(text, tokens)
  if ('offsets' in found) return { words: tokens, offsets: found.offsets }
  const misfit = tokens[found.misfit]
  return refuse(
    'must have the words of its "text" as "tokens", in order and without gaps',
    misfit === undefined
      ? 'text after the last token'
      : `token ${found.misfit}, ${quoted(misfit)}, is not next`,
    'Correct one of the two, or leave "text" out.',
  )
}

const readText = (text: string | undefined, splitter: SplitterName, refuse: Refuse): SplitText => {
  const split = splitWords(text ?? '', splitter)
  if (split.words.length > 0) return split
  return refuse(
    'must have "text" or "tokens" with a word',
    shownJson(text),
    'Add the words, or remove the post.',
  )
}

const readLabels = (value: unknown, count: number, place: LabelPlace, refuse: Refuse): string[] => {
  if (!Array.isArray(value) || value.length !== count || !value.every(isWord)) {
    const received = Array.isArray(value) ? `${value.length} labels, ${shownJson(value)}` : shownJson(value)
    return refuse(
      `must have a label for each of its ${count} tokens`,
      received,
      'Write one BIO label per token.',
    )
  }
  return value.map(label => readLabel(label, place))
}

/** The names of a post's pictures: of `image` or of `images`. */
function readPictures({ image, images }: Record<string, unknown>, refuse: Refuse): string[] {
  if (image !== undefined && images !== undefined) {
    refuse('must have "image" or "images", not both', 'both', 'Put all pictures of the post into "images".')
  }
  if (image !== undefined && typeof image !== 'string') {
    return refuse('must have a path as "image"', shownJson(image), 'Write its path in the images folder.')
  }
  const names: unknown = images ?? (image === undefined ? [] : [image])
  if (
    Array.isArray(names) &&
    names.every(name => typeof name === 'string') &&
    new Set(names).size === names.length
  ) {
    return names
  }
  return refuse(
    'must have a list of paths as "images", each once',
    shownJson(images),
    'Write their paths in the images folder.',
  )
}

/**
 * One post of a JSONL file: `{"id", "tokens" | "text", "labels" | "entities", "image" | "images"}`. `labels` belong to `tokens`, one
 * each; the offsets of `entities` count UTF-16 units of `text`; `tokens` beside a `text` are found in it. Without labels
 * and entities the post is unlabelled. A word that an entity begins or ends inside of is split there and counted.
 *
 * @throws InvalidArgumentError naming file and line of whatever cannot be read without loss.
 */
export function parsePost(json: string, { file, line, types, splitter = 'tweet' }: PostOptions): ParsedPost {
  const refuse: Refuse = (rule, received, fix) => {
    throw dataError({ file, line, rule, received, fix })
  }
  const counts: TextCounts = { labelsMapped: 0, wordsSplitAtEntities: 0 }
  const place: LabelPlace = { file, line, ...(types && { types }), onMapped: () => counts.labelsMapped++ }
  const post = readObject(json, refuse)
  const { id = `${basename(file)}:${line}`, tokens, text, labels, entities } = post
  if (!isWord(id) && typeof id !== 'number') {
    return refuse(
      'must have a string or a number as "id"',
      shownJson(id),
      'Name the post, or leave "id" out.',
    )
  }
  if (text !== undefined && typeof text !== 'string') {
    return refuse('must have a string as "text"', shownJson(text), 'Write the post itself there.')
  }
  const pictures = readPictures(post, refuse)
  const misplaced =
    (labels !== undefined && (tokens === undefined || entities !== undefined)) ||
    (entities !== undefined && text === undefined)
  if (misplaced) {
    refuse(
      'must have either "labels" with "tokens" or "entities" with "text"',
      Object.keys(post).join(', '),
      'Labels belong to tokens, offsets of entities count in the text.',
    )
  }
  for (const picture of pictures) checkPictureName(picture, file, line)
  const read = tokens === undefined ? readText(text, splitter, refuse) : readTokens(tokens, text, refuse)
  const example: Example = { id: String(id), ...read, source: { file, line } }
  if (text !== undefined) example.text = text
  if (labels !== undefined) example.labels = readLabels(labels, read.words.length, place, refuse)
  if (entities !== undefined && text !== undefined && read.offsets) {
    const spans = readEntities(entities, text, place, refuse)
    const { words, offsets, splits } = splitAtEntities(text, read.offsets, spans)
    if (tokens !== undefined && splits > 0) {
      const fix = 'Correct the tokens or the offsets, or leave "tokens" out.'
      refuse('must have entities that begin and end where its tokens do', `${splits} that do not`, fix)
    }
    counts.wordsSplitAtEntities = splits
    Object.assign(example, { words, offsets, labels: labelsOfEntities(offsets, spans) })
  }
  return { example, counts, pictures }
}
