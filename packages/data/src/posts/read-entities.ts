import { quoted, type Refuse, shownJson } from './data-error'
import type { TextEntity } from './entity-words'
import { readType } from './read-label'

const UNITS = 'Offsets count UTF-16 units, end exclusive (in Python an emoji counts 1, here 2).'

const cutsPair = (text: string, at: number): boolean =>
  /[\uD800-\uDBFF]/.test(text[at - 1] ?? '') && /[\uDC00-\uDFFF]/.test(text[at] ?? '')

/** How entities are read. */
interface Reading {
  /** The types allowed. @default any */
  types?: readonly string[] | undefined
  /** Called for every type that is read as another one. */
  onMapped: () => void
  refuse: Refuse
}

const readEntity = (item: unknown, text: string, { types, onMapped, refuse }: Reading): TextEntity => {
  const { type, start, end, text: own } = (item ?? {}) as Record<string, unknown>
  if (typeof type !== 'string' || typeof start !== 'number' || typeof end !== 'number') {
    return refuse('must have entities {"type", "start", "end"}', shownJson(item), UNITS)
  }
  const inside = Number.isInteger(start) && Number.isInteger(end) && start >= 0 && end <= text.length
  const covered = inside ? text.slice(start, end) : ''
  if (covered.trim() === '') {
    refuse(`must have entities that cover words of its "text" (${text.length} units)`, shownJson(item), UNITS)
  }
  if (cutsPair(text, start) || cutsPair(text, end)) {
    refuse('must have entities that do not begin or end inside a character', shownJson(item), UNITS)
  }
  if (own !== undefined && own !== covered) {
    refuse(
      'must have entities whose "text" is at their offsets',
      `${shownJson(item)}, ${quoted(covered)} there`,
      UNITS,
    )
  }
  const read = readType(type, types)
  if (typeof read !== 'string') return refuse(read.rule, read.received, read.fix)
  if (read !== type) onMapped()
  // White space at an entity's edges belongs to no word.
  const from = start + covered.length - covered.trimStart().length
  return { type: read, start: from, end: from + covered.trim().length }
}

/**
 * The `entities` of a JSONL post, sorted by their start.
 *
 * Refuses one that covers no word, cuts a character, overlaps another, or whose own `text` is not
 * what stands at its offsets.
 */
export function readEntities(value: unknown, text: string, reading: Reading): TextEntity[] {
  const { refuse } = reading
  if (!Array.isArray(value)) {
    return refuse(
      'must have a list as "entities"',
      shownJson(value),
      'Write [{"type", "start", "end"}, ...].',
    )
  }
  const entities = value.map((item: unknown) => readEntity(item, text, reading))
  entities.sort((a, b) => a.start - b.start)
  const overlap = entities.find((entity, index) => index > 0 && entity.start < entities[index - 1]!.end)
  if (overlap) {
    refuse(
      'must have entities that do not overlap',
      shownJson(overlap),
      'Keep one of those that share words.',
    )
  }
  return entities
}
