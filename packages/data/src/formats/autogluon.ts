import type { Fields } from './json-fields'
import { nearField } from './known-fields'
import { isObject, recordFormat } from './records'
import { numberOf, without } from './spans'

const areGroups = (value: unknown): value is Fields[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every(part => isObject(part) && part['entity_group'] !== undefined)

/** The column of the annotations, which may have any name where it has some. */
const annotationsOf = (record: Fields): string | undefined =>
  Object.keys(record).find(name => name === 'entity_annotations' || areGroups(record[name]))

/** Entities of groups; of those in BIO an I- goes on where only white space is between. */
function entitiesOf(groups: readonly unknown[], text: string): unknown[] {
  const signs = [...text]
  const entities: unknown[] = []
  const isBio = groups.every(
    group =>
      isObject(group) && typeof group['entity_group'] === 'string' && /^[BI]-./.test(group['entity_group']),
  )
  let last: Fields | undefined
  for (const group of groups) {
    if (!isObject(group)) {
      entities.push(group)
      continue
    }
    const { entity_group: own, start, end } = group
    const label = typeof own === 'string' ? own : ''
    const type = isBio ? label.slice(2) : own
    const goesOn = isBio && label.startsWith('I-') && last?.['type'] === type
    if (last && goesOn && signs.slice(numberOf(last['end']), numberOf(start)).join('').trim() === '') {
      last['end'] = end
    } else {
      last = { type, start, end }
      entities.push(last)
    }
  }
  return entities
}

/**
 * Records of AutoGluon's tables: a text (`text_snippet`), its `entity_annotations` with `entity_group`, `start` and `end`, and the
 * column of a picture, or of several parted by `;`.
 */
export const autogluon = recordFormat({
  name: 'AutoGluon',
  isRecord: value =>
    isObject(value) && (value['text_snippet'] !== undefined || annotationsOf(value) !== undefined),
  read(record) {
    const annotations = annotationsOf(record) ?? 'entity_annotations'
    const textField =
      ['text_snippet', 'text'].find(name => record[name] !== undefined) ??
      Object.keys(record).find(name => nearField(name, ['text']))
    const imageField = Object.keys(record).find(name => nearField(name, ['image']) !== undefined)
    const [given, text, image] = [annotations, textField ?? '', imageField ?? ''].map(name => record[name])
    const pictures = typeof image === 'string' ? image.split(';') : []
    return {
      fields: {
        ...without(record, [annotations, textField ?? '', ...(pictures.length > 0 ? [imageField!] : [])]),
        text,
        ...(pictures.length === 1 && { image }),
        ...(pictures.length > 1 && { images: pictures }),
        ...(given != null && {
          entities: Array.isArray(given) ? entitiesOf(given, typeof text === 'string' ? text : '') : given,
        }),
      },
      offsets: 'codepoints',
    }
  },
})
