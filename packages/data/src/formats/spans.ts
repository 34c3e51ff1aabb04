import { isInvisible } from '../posts/invisible'
import type { Fields } from './json-fields'
import { isObject } from './records'

/** An entity of JSONL; what has another shape stays, and is refused with it. */
const entity = (start: unknown, end: unknown, type: unknown, as: unknown, text?: unknown): unknown =>
  typeof type === 'string' ? { type, start, end, ...(typeof text === 'string' && { text }) } : as

/** Entities that are lists `[start, end, type]`, or objects with a `label`. */
export const entitiesOf = (values: unknown): unknown =>
  Array.isArray(values)
    ? values.map(value => {
        if (Array.isArray(value))
          return value.length >= 3 ? entity(value[0], value[1], value[2], value) : value
        if (!isObject(value)) return value
        const { start = value['start_offset'], end = value['end_offset'], label, text } = value
        return entity(start, end, label, value, text)
      })
    : values

/** Whether a value is a list with an entry, all of which are `[start, end, type]`. */
export const areTriples = (values: unknown): boolean =>
  Array.isArray(values) &&
  values.length > 0 &&
  values.every(value => Array.isArray(value) && typeof value[0] === 'number' && typeof value[1] === 'number')

/** An offset, which may be written as a text; no number for anything else. */
export const numberOf = (value: unknown): number =>
  typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN

/** The words of a tokenizer of Python, `{"text"}` or `{"start", "end"}` in code points, without those of white space only. */
export function tokensOf(tokens: unknown, text: unknown): unknown {
  if (!Array.isArray(tokens) || typeof text !== 'string') return tokens
  const signs = [...text]
  const words = tokens.map(token => {
    if (!isObject(token)) return token
    return token['text'] ?? signs.slice(numberOf(token['start']), numberOf(token['end'])).join('')
  })
  return words.filter(word => typeof word !== 'string' || !isInvisible(word))
}

/** Some fields of a record, without others of it. */
export const without = (record: Fields, names: readonly string[]): Fields =>
  Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)))
