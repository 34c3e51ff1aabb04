import { asText } from '@mafjs/tensor/json'
import { quoted, shownJson } from '../posts/data-error'
import { inUnits } from '../posts/text-offsets'
import type { Fields } from './json-fields'
import { nearField } from './known-fields'
import { isObject, type ReadRecord, type RecordContext, recordFormat } from './records'
import { refuse } from './refused'
import { numberOf, without } from './spans'

/** What an export notes of a task for itself, beside the data of the post. */
const OWN = ['annotator', 'annotation_id', 'created_at', 'updated_at', 'lead_time', 'agreement']

const isSpan = (value: unknown): value is Fields =>
  isObject(value) &&
  value['start'] !== undefined &&
  value['end'] !== undefined &&
  Array.isArray(value['labels'])

const areSpans = (value: unknown): value is Fields[] =>
  Array.isArray(value) && value.length > 0 && value.every(isSpan)

/** What an address means, where it is one. */
const decoded = (path: string): string => {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

/** A file where Label Studio serves it: one that was uploaded, or one of a folder. */
const pictureOf = (value: unknown): unknown => {
  if (typeof value !== 'string') return value
  const [, path] = /^\/data\/(?:upload\/(?:\d+\/)?|local-files\/\?d=)(.*)$/s.exec(value) ?? []
  return path === undefined ? value : decoded(path)
}

/** The name of the text of a task, which its project chose. */
function textFieldOf(data: Fields): string {
  const texts = Object.keys(data).filter(
    name => typeof data[name] === 'string' && name !== 'id' && nearField(name, ['image']) === undefined,
  )
  const found =
    texts.find(name => name === 'text') ??
    texts.find(name => nearField(name, ['text']) !== undefined) ??
    (texts.length === 1 ? texts[0] : undefined)
  return (
    found ??
    refuse(
      'must have a text in its "data"',
      shownJson(Object.keys(data)),
      'Name the field of the text "text".',
    )
  )
}

/** The post that a task's data is. */
function fieldsOf(data: Fields): Fields & { text: string } {
  const textField = textFieldOf(data)
  const imageField = Object.keys(data).find(name => nearField(name, ['image']) !== undefined)
  const rest = without(data, [textField, ...(imageField === undefined ? [] : [imageField])])
  const shown = imageField === undefined ? undefined : data[imageField]
  return {
    ...rest,
    text: data[textField] as string,
    ...(Array.isArray(shown) ? { images: shown.map(pictureOf) } : { image: pictureOf(shown) }),
  }
}

/** Entities of spans, and what their offsets count: older versions counted as JavaScript does, newer ones as Python. */
function entitiesOf(
  spans: readonly Fields[],
  text: string,
): Pick<ReadRecord, 'offsets'> & { entities: unknown[] } {
  const entities = spans.map(span => {
    const { start, end, labels, text: own } = span
    if ((labels as unknown[]).length !== 1) {
      refuse(
        'must have one label for each span',
        shownJson(span),
        'Keep one of them; an entity has one type.',
      )
    }
    const [type] = labels as unknown[]
    return { type, start: numberOf(start), end: numberOf(end), ...(typeof own === 'string' && { text: own }) }
  })
  const fits = (offsets: 'utf16' | 'codepoints'): boolean => {
    const unitsOf = inUnits(text, { offsets })
    return entities.every(
      ({ start, end, text: own }) => own === undefined || text.slice(...unitsOf(start, end)) === own,
    )
  }
  return { entities, offsets: fits('codepoints') || !fits('utf16') ? 'codepoints' : 'utf16' }
}

/** The one annotation of a task that counts; nothing where there is none. */
function annotationOf(task: Fields, leave: RecordContext['leave']): Fields[] | 'skipped' | undefined {
  const all = [task['annotations'] ?? task['completions'] ?? []].flat().filter(isObject)
  const done = all.filter(one => one['was_cancelled'] !== true && one['skipped'] !== true)
  for (let left = all.length - done.length; left > 0 && done.length > 0; left--)
    leave('not-carried', 'cancelled annotations')
  if (done.length === 0) return all.length > 0 ? 'skipped' : undefined
  const truths = done.filter(one => one['ground_truth'] === true)
  const taken = truths.length === 1 ? truths : done
  for (let left = done.length - taken.length; left > 0; left--)
    leave('not-carried', 'annotations beside the ground truth')
  const results = taken.map(({ result }) => (Array.isArray(result) ? result.filter(isObject) : []))
  const said = new Set(
    results.map(result => JSON.stringify(result.map(({ type, value }) => [type, value]).sort())),
  )
  if (said.size > 1) {
    refuse(
      'must have one annotation for each task',
      `${taken.length} of them, which differ`,
      'Keep one, or mark it as ground truth: which is right cannot be guessed.',
    )
  }
  for (let left = taken.length - 1; left > 0; left--)
    leave('not-carried', 'annotations that say the same again')
  return results[0]
}

function readTask(task: Fields, { leave, exact }: RecordContext): ReadRecord | undefined {
  const data = task['data'] as Fields
  const own = (exact()['data'] as Fields)['id']
  const fields = { ...fieldsOf(data), id: own ?? task['id'] }
  for (const _ of [task['predictions'] ?? []].flat()) leave('not-carried', 'predictions')
  const results = annotationOf(task, leave)
  if (results === 'skipped') {
    leave('left-out', 'tasks that were skipped')
    return undefined
  }
  if (!results) return { fields }
  const spans: Fields[] = []
  const classes: unknown[] = []
  const places = new Set<unknown>()
  for (const { type, value, to_name: place } of results) {
    if (type === 'choices' && isObject(value)) classes.push(...[value['choices']].flat())
    else if (type === 'labels' && isSpan(value)) {
      spans.push(value)
      places.add(place)
    } else if (type === 'hypertextlabels' || type === 'paragraphlabels') {
      refuse(
        'must have spans of plain text',
        `a result of the type ${type}`,
        'Annotate with <Labels> on <Text>.',
      )
    } else
      leave(
        'not-carried',
        type === 'relation' ? 'relations' : `results of the type ${quoted(asText(type), 40)}`,
      )
  }
  if (places.size > 1) {
    refuse(
      'must have the spans of one text',
      `those of ${[...places].join(', ')}`,
      'Export each text as a post of its own.',
    )
  }
  for (const _ of classes.length > 1 ? classes : []) leave('not-carried', 'classes of several to a post')
  const { entities, offsets } = entitiesOf(spans, fields.text)
  return { fields: { ...fields, ...(classes.length === 1 && { label: classes[0] }), entities }, offsets }
}

/** A post of JSON_MIN or CSV: one annotation, its spans under the name that the project gave them. */
function readMin(record: Fields, { leave, again }: RecordContext): ReadRecord | undefined {
  const names = Object.keys(record).filter(name => areSpans(record[name]))
  const fields = fieldsOf(without(record, [...names, ...OWN]))
  const spans = names.flatMap(name => record[name] as Fields[])
  if (record['id'] !== undefined && again(asText(record['id']), shownJson(spans, Number.POSITIVE_INFINITY))) {
    leave('left-out', 'annotations that say the same again')
    return undefined
  }
  const { entities, offsets } = entitiesOf(spans, fields.text)
  return { fields: { ...fields, entities }, offsets }
}

/**
 * Label Studio's exports: tasks (`data` with `annotations`, in old versions `completions`), or JSON_MIN. A task that was annotated by
 * several people must have one annotation that counts; without any it is an unlabelled post.
 */
export const labelStudio = recordFormat({
  name: 'Label Studio',
  isRecord: value =>
    isObject(value) &&
    (isObject(value['data'])
      ? ['annotations', 'completions', 'predictions'].some(name => Array.isArray(value[name])) ||
        typeof value['data']['text'] === 'string'
      : value['annotation_id'] !== undefined || Object.values(value).some(areSpans)),
  read: (record, context) =>
    isObject(record['data']) ? readTask(record, context) : readMin(record, context),
})
