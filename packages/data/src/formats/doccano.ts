import { shownJson } from '../posts/data-error'
import type { Fields } from './json-fields'
import { isObject, type RecordFormat, recordFormat } from './records'
import { refuse } from './refused'
import { areTriples, entitiesOf, without } from './spans'

const haveOffsets = (values: unknown): boolean =>
  Array.isArray(values) && values.some(value => isObject(value) && 'start_offset' in value)

const areTexts = (values: unknown): values is string[] =>
  Array.isArray(values) && values.every(value => typeof value === 'string')

/** Whether a list is one of spans, or empty. */
const areSpans = (values: unknown): boolean =>
  Array.isArray(values) && (values.length === 0 || areTriples(values))

function isRecord(value: unknown): boolean {
  if (!isObject(value) || typeof (value['text'] ?? value['data']) !== 'string') return false
  const { label, labels, entities, annotations } = value
  return (
    areSpans(label) ||
    areTexts(label) ||
    areSpans(labels) ||
    haveOffsets(entities) ||
    haveOffsets(annotations) ||
    (Array.isArray(entities) && [value['relations'], value['cats'], value['Comments']].some(Array.isArray))
  )
}

/** The entities of a project that several people annotated: those of one of them. */
function annotationsOf(annotations: unknown[]): unknown {
  const users = new Set(
    annotations.map(annotation => (isObject(annotation) ? annotation['user'] : undefined)),
  )
  if (users.size > 1) {
    refuse(
      'must have the annotations of one person',
      `those of ${users.size} users`,
      'Export each of them on its own, and keep one.',
    )
  }
  const first = annotations.find(
    annotation => isObject(annotation) && typeof annotation['label'] !== 'string',
  )
  if (first !== undefined) {
    refuse(
      'must have names as labels',
      shownJson(first),
      'Numbers of labels have no names here: export the project as JSONL (text label).',
    )
  }
  return entitiesOf(annotations)
}

function read(
  record: Fields,
  { leave }: Parameters<RecordFormat['read']>[1],
): { fields: Fields; offsets: 'codepoints' } {
  const { label, labels, entities, annotations, cats, relations, data } = record
  for (const [values, what] of [
    [relations, 'relations'],
    [record['Comments'] ?? record['comments'], 'comments'],
  ] as const) {
    if (Array.isArray(values)) for (const _ of values) leave('not-carried', what)
  }
  const rest = without(record, [
    'label',
    'labels',
    'entities',
    'annotations',
    'relations',
    'Comments',
    'comments',
    'cats',
    'data',
  ])
  const classes = areTexts(label) && label.length > 0 ? label : areTexts(cats) ? cats : []
  if (classes.length > 1) {
    refuse('must have at most one class', shownJson(classes), 'Keep one of the classes of each post.')
  }
  const spans = [areTexts(label) && label.length > 0 ? undefined : label, labels, entities].filter(
    list => list != null,
  )
  if (spans.length > 1) {
    refuse(
      'must have its spans in one field',
      `${spans.length} of them`,
      'Keep one of "label", "labels" and "entities".',
    )
  }
  return {
    fields: {
      ...rest,
      ...(data !== undefined && { [rest['text'] === undefined ? 'text' : 'data']: data }),
      ...(classes[0] !== undefined && { label: classes[0] }),
      ...(spans.length > 0 && { entities: entitiesOf(spans[0]) }),
      ...(Array.isArray(annotations) && { entities: annotationsOf(annotations) }),
    },
    offsets: 'codepoints',
  }
}

/**
 * doccano's JSONL: `text` with spans `[start, end, type]` as `label` (before version 1.5 `labels`), or with `entities` where the
 * project has relations. A list of one text as `label` is the class of the post.
 */
export const doccano = recordFormat({ name: 'doccano', isRecord, read })
