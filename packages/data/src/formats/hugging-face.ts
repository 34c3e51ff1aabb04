import { quoted, shownJson } from '../posts/data-error'
import type { Fields } from './json-fields'
import { isObject, type RecordFormat, recordFormat } from './records'
import { refuse } from './refused'

/** The fields that label numbers or names stand in, as data sets of the hub have them. */
export const TAG_FIELDS = ['ner_tags', 'tags', 'ner', 'labels'] as const

/** The field of a record's tags; `labels` are some where they are numbers, and else what JSONL itself has. */
const tagsOf = (record: Fields): string | undefined =>
  TAG_FIELDS.find(name => {
    const tags = record[name]
    if (!Array.isArray(tags)) return false
    return name !== 'labels' || (tags.length > 0 && tags.every(tag => typeof tag === 'number'))
  })

/** Whether JSONL's own labels stand there. */
const hasLabels = ({ labels }: Fields): boolean =>
  Array.isArray(labels) && labels.every(label => typeof label === 'string')

/** The label that a number or a name is. */
function nameOf(tag: unknown, field: string, names: readonly string[] | undefined): unknown {
  if (!Number.isInteger(tag)) return tag
  if (!names) {
    return refuse(
      `must have names as "${field}", or a list of them must be given`,
      `the number ${tag}`,
      "Give the names in the order of their numbers (labelNames: ['O', 'B-PER', ...]), or put the data set's dataset_info.json beside the file.",
    )
  }
  return (
    names[tag as number] ??
    refuse(
      `must have numbers from 0 to ${names.length - 1} as "${field}"`,
      tag,
      `Give the name of every label; these are given: ${names.join(', ')}.`,
    )
  )
}

/** The name of a picture: a path, or an object with one. */
export function pictureOf(value: unknown): unknown {
  if (!isObject(value)) return value
  if (typeof value['path'] === 'string') return value['path']
  return refuse(
    'must have pictures with a "path"',
    shownJson(Object.keys(value)),
    'Write the path of each in the images folder; pictures that are in the file itself are read of Parquet.',
  )
}

const read: RecordFormat['read'] = ({ image, images, tokens, words, ...others }, { place }) => {
  const tags = tagsOf(others)
  const fields = {
    ...others,
    ...(tokens === undefined ? { tokens: words } : { tokens, ...(words !== undefined && { words }) }),
    ...(image !== undefined && { image: pictureOf(image) }),
    ...(images !== undefined && { images: Array.isArray(images) ? images.map(pictureOf) : images }),
  }
  if (tags === undefined || hasLabels(others)) return { fields }
  if (tags !== 'labels' && others['labels'] != null) {
    refuse(`must have "${tags}" or "labels"`, `both, ${quoted(tags)} and "labels"`, 'Remove one of them.')
  }
  const entries = Object.entries(fields).filter(([name]) => name !== tags)
  const labels = (others[tags] as unknown[]).map(tag => nameOf(tag, tags, place.labelNames))
  return { fields: { ...Object.fromEntries(entries), labels } }
}

/**
 * Records of Hugging Face's data sets: `tokens` with `ner_tags` (or `tags`, `ner`, `labels`), as names or as numbers of a list of
 * names; a picture is a path, or an object with one.
 */
export const huggingFace = recordFormat({
  name: 'Hugging Face',
  isRecord: value =>
    isObject(value) &&
    Array.isArray(value['tokens'] ?? value['words']) &&
    (tagsOf(value) !== undefined || isObject(value['image'])),
  read,
})
