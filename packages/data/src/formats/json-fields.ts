import { quoted, type Refuse, shownJson, type Wrong } from '../posts/data-error'
import { findTokens, labelsOfEntities } from '../posts/entity-words'
import { PICTURE_PATHS, type PictureNaming } from '../posts/picture-name'
import type { ParsedPost } from '../posts/post'
import type { ProblemCode } from '../posts/problem'
import { readEntities } from '../posts/read-entities'
import { isType, type labelReader, readType, shownLabel } from '../posts/read-label'
import { type SplitText, splitWords } from '../posts/split-words'
import type { Place } from './format'
import { unknownFields } from './known-fields'
import { Refused, refuse, refuseAs } from './refused'

/** A post as JSON has it. */
export type Fields = Record<string, unknown>

/** Says what was met in a post. */
type Report = (code: ProblemCode, about: string, error?: Wrong) => void

/** What reading a post needs of its file. */
export interface FieldsContext {
  place: Place
  readLabel: ReturnType<typeof labelReader>
  report: Report
}

const refuseEmpty: Refuse = refuseAs('empty-post')

const isWord = (value: unknown): value is string => typeof value === 'string' && value !== ''

function readTokens(
  tokens: unknown,
  text: string | undefined,
  mayBeEmpty: boolean,
): Pick<ParsedPost, 'words' | 'offsets'> {
  const isList = Array.isArray(tokens) && tokens.every(isWord)
  if (!isList || (tokens.length === 0 && !mayBeEmpty)) {
    const no = isList ? refuseEmpty : refuse
    return no('must have words as "tokens", none empty', shownJson(tokens), 'Write a list of strings there.')
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

function readText(text: string | undefined, { splitter = 'tweet' }: Place, mayBeEmpty: boolean): SplitText {
  const split = splitWords(text ?? '', splitter)
  if (split.words.length > 0 || (mayBeEmpty && text !== undefined)) return split
  return refuseEmpty(
    'must have "text" or "tokens" with a word',
    shownJson(text),
    'Add the words, or remove the post.',
  )
}

function readLabels(value: unknown, { words }: ParsedPost, { readLabel, report }: FieldsContext): string[] {
  if (!Array.isArray(value) || value.length !== words.length || !value.every(isWord)) {
    const received = Array.isArray(value) ? `${value.length} labels, ${shownJson(value)}` : shownJson(value)
    return refuse(
      `must have a label for each of its ${words.length} tokens`,
      received,
      'Write one BIO label per token.',
    )
  }
  return value.map((label, at) => {
    const read = readLabel(label)
    if (!('label' in read)) {
      report('label-outside-scheme', `${shownLabel(label)} at token ${at + 1}`, read)
      return 'O'
    }
    if (read.isOtherType) report('other-type', 'the type OTHER')
    if (read.isOtherScheme) report('other-scheme', 'a label of another scheme')
    return read.label
  })
}

/** The names of a post's pictures: of `image` or of `images`. */
function readPictures({ image, images }: Fields, { name, names: plural, fix }: PictureNaming): string[] {
  if (image !== undefined && images !== undefined) {
    refuse('must have "image" or "images", not both', 'both', 'Put all pictures of the post into "images".')
  }
  if (image !== undefined && typeof image !== 'string') {
    return refuse(`must have ${name} as "image"`, shownJson(image), fix)
  }
  const names: unknown = images ?? (image === undefined ? [] : [image])
  if (
    Array.isArray(names) &&
    names.every(name => typeof name === 'string') &&
    new Set(names).size === names.length
  ) {
    return names
  }
  return refuse(`must have a list of ${plural} as "images", each once`, shownJson(images), fix)
}

/** What of a post was labelled, where it says that that is not all. */
function readLabelledPart(post: ParsedPost, { labelledTypes: types, unlabelledTokens: words }: Fields): void {
  const labels = post.labels ?? []
  if (post.labels === undefined && (types !== undefined || words !== undefined)) {
    refuse(
      'must have labels where it says which of its types or tokens have some',
      'neither "labels" nor "entities"',
      'Add them, or leave "labelledTypes" and "unlabelledTokens" out.',
    )
  }
  if (types !== undefined) {
    const isList = Array.isArray(types) && types.every(type => isWord(type) && isType(type))
    const read: string[] = isList ? types.map(type => readType(type) as string) : []
    const other = labels.find(label => label !== 'O' && !read.includes(label.slice(2)))
    if (!isList || new Set(read).size < read.length || other !== undefined) {
      refuse(
        'must have the types that were labelled, each once, as "labelledTypes"; its own are among them',
        other !== undefined && isList ? `${shownJson(types)} and ${other}` : shownJson(types),
        'List the types that were looked for in this post.',
      )
    }
    post.labelledTypes = read
  }
  if (words !== undefined) {
    const isList = Array.isArray(words) && words.every(word => Number.isInteger(word) && labels[word] === 'O')
    if (!isList || new Set(words).size < words.length) {
      refuse(
        `must have indices of its ${labels.length} tokens as "unlabelledTokens", from 0, each once and labelled O`,
        shownJson(words),
        'List the tokens of which nobody said what they are.',
      )
    }
    post.unlabelled = words as number[]
  }
}

/** What stands in a field whose other names stand for other things too. */
const SHAPES = new Map([
  ['labels', ' (a BIO label for each of its "tokens")'],
  ['entities', ' (a list of {"type", "start", "end"} beside "text")'],
])

/** Says which fields are not read; one that stands where a known one is wanting was meant to be it. */
function checkNames(fields: object, report: Report): void {
  for (const [name, wanting] of unknownFields(fields)) {
    if (wanting === undefined) report('unknown-field', name)
    else {
      refuse(
        `must have "${wanting}"${SHAPES.get(wanting) ?? ''} under that name, not ${quoted(name, 40)}`,
        `a field ${quoted(name)}`,
        'Rename it, or remove it.',
      )
    }
  }
}

function readInto(post: ParsedPost, given: Fields, context: FieldsContext): void {
  const { place, report } = context
  const naming = place.pictureNaming ?? PICTURE_PATHS
  // null says the same as nothing
  const fields = Object.fromEntries(Object.entries(given).filter(([, field]) => field !== null))
  const readsLabels = place.labels ?? true
  const { id, tokens, text } = fields
  checkNames(fields, report)
  const { label, labels, entities, labelledTypes, unlabelledTokens } = readsLabels ? fields : {}
  if (isWord(id) || typeof id === 'number') post.id = String(id)
  else if (id !== undefined && readsLabels) {
    refuse('must have a string or a number as "id"', shownJson(id), 'Name the post, or leave "id" out.')
  }
  if (text !== undefined && typeof text !== 'string') {
    refuse('must have a string as "text"', shownJson(text), 'Write the post itself there.')
  }
  if (label !== undefined && !isWord(label)) {
    refuse(
      'must have a string as "label", the class of the post',
      shownJson(label),
      'Write its name there; names in the text belong into "entities".',
    )
  }
  const pictures = readPictures(fields, naming)
  const isMisplaced =
    (labels !== undefined && (tokens === undefined || entities !== undefined)) ||
    (entities !== undefined && text === undefined)
  if (isMisplaced) {
    refuse(
      'must have either "labels" with "tokens" or "entities" with "text"',
      Object.keys(fields).join(', '),
      'Labels belong to tokens, offsets of entities count in the text.',
    )
  }
  for (const picture of pictures) {
    const wrong = naming.wrong(picture)
    if (wrong) report('picture-name', 'a picture name that must not be followed', wrong)
    else post.pictures.push(picture)
  }
  const words =
    tokens === undefined ? readText(text, place, !readsLabels) : readTokens(tokens, text, !readsLabels)
  Object.assign(post, words)
  if (text !== undefined) post.text = text
  if (isWord(label)) post.label = label
  if (labels !== undefined) post.labels = readLabels(labels, post, context)
  if (entities !== undefined && text !== undefined && post.offsets) {
    const spans = readEntities(entities, text, post.offsets, {
      ...place,
      onMapped: () => report('other-type', 'the type OTHER'),
      onMisplaced: (about, wrong) => report('misplaced-entity', about, wrong),
      refuse: (code, ...wrong) => refuseAs(code)(...wrong),
    })
    post.written.entities = spans
    post.labels = labelsOfEntities(post.offsets, spans)
  }
  readLabelledPart(post, { labelledTypes, unlabelledTokens })
}

/**
 * Reads a post of its fields `{"id", "tokens" | "text", "labels" | "entities", "image" | "images"}`. `labels` belong to `tokens`,
 * one each; the offsets of `entities` count UTF-16 units of `text`, or what the place says; `tokens` beside a `text` are found in it.
 * Without labels and entities the post is unlabelled; `labelledTypes` and `unlabelledTokens` say that it is so in part. A string `label` is the class of the whole post. Words are those that
 * prediction finds: an entity must begin and end with one.
 */
export function readFields(post: ParsedPost, fields: Fields, { report, ...context }: FieldsContext): void {
  const told: Report = (code, about, error) => {
    if ((code === 'label-outside-scheme' || code === 'misplaced-entity') && error) post.fault ??= code
    report(code, about, error)
  }
  try {
    readInto(post, fields, { ...context, report: told })
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    post.fault ??= error.code
    report(
      error.code,
      error.code === 'empty-post' ? 'neither a token nor a text with a word' : error.wrong.rule,
      error.wrong,
    )
  }
}
