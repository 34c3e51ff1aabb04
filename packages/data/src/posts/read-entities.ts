import { quoted, shownJson, type Wrong } from './data-error'
import type { TextEntity } from './entity-words'
import { visiblePart } from './invisible'
import type { FaultCode } from './problem'
import { readType } from './read-label'
import type { SplitText } from './split-words'
import { describeReading, inUnits, type OffsetReading } from './text-offsets'

/** What is done where an entity begins or ends inside a word or on white space, or its own `text` stands elsewhere. */
export const MISPLACED_NAMES = ['stop', 'fit'] as const

/** How the entities of a post are read. */
export interface EntityReading extends OffsetReading {
  /** The types allowed. @default any */
  types?: readonly string[] | undefined
  /**
   * What becomes of an entity that begins or ends inside a word or on white space, or whose own `text` stands elsewhere: it is
   * refused, or has the whole words that it touches.
   * @default 'stop'
   */
  misplacedEntities?: (typeof MISPLACED_NAMES)[number] | undefined
}

/** What is met in the entities of a post. */
export interface EntityReport {
  onMapped: () => void
  onMisplaced: (about: string, wrong?: Wrong) => void
  refuse: (code: FaultCode, rule: string, received: unknown, fix: string) => never
}

const cutsPair = (text: string, at: number): boolean =>
  /[\uD800-\uDBFF]/.test(text[at - 1] ?? '') && /[\uDC00-\uDFFF]/.test(text[at] ?? '')

/** What can be seen of words, and which word each unit is in. */
class WordPlaces {
  private readonly seen: [number, number][]
  private readonly wordAt: Int32Array

  constructor(text: string, words: SplitText['offsets']) {
    this.seen = words.map(([start, end]) => visiblePart(text, start, end) ?? [start, end])
    this.wordAt = new Int32Array(text.length).fill(-1)
    for (const [word, [start, end]] of words.entries()) this.wordAt.fill(word, start, end)
  }

  /** The words that a visible part of the text begins and ends in, or nothing. */
  around(start: number, end: number): [start: number, end: number] | undefined {
    const first = this.seen[this.wordAt[start]!]
    const last = this.seen[this.wordAt[end - 1]!]
    return first && last && [first[0], last[1]]
  }
}

/** A text, and where it has its words. */
interface EntityText {
  text: string
  places: WordPlaces
  unitsOf: ReturnType<typeof inUnits>
}

function readEntity(
  item: unknown,
  { text, places, unitsOf }: EntityText,
  reading: EntityReading & EntityReport,
): TextEntity {
  const { types, misplacedEntities = 'stop', onMapped, onMisplaced, refuse } = reading
  const units = `Offsets count ${describeReading(reading)}${reading.offsets === 'codepoints' ? '' : ' (in Python an emoji counts 1, here 2)'}.`
  const { type, start, end, text: own, score } = (item ?? {}) as Record<string, unknown>
  if (typeof type !== 'string' || typeof start !== 'number' || typeof end !== 'number') {
    return refuse('unreadable-line', 'must have entities {"type", "start", "end"}', shownJson(item), units)
  }
  const [from, to] = unitsOf(start, end)
  const isInside = Number.isInteger(from) && Number.isInteger(to) && from >= 0 && to <= text.length
  const seen = isInside ? visiblePart(text, from, to) : undefined
  const around = seen && places.around(...seen)
  if (!seen || !around) {
    return refuse(
      'misplaced-entity',
      `must have entities that cover words of its "text" (${text.length} units)`,
      shownJson(item),
      units,
    )
  }
  if (cutsPair(text, from) || cutsPair(text, to)) {
    refuse(
      'misplaced-entity',
      'must have entities that do not begin or end inside a character',
      shownJson(item),
      units,
    )
  }
  const covered = text.slice(from, to)
  const wrong = [
    ...(around[0] === seen[0] ? [] : ['begins inside a word']),
    ...(around[1] === seen[1] ? [] : ['ends inside a word']),
    ...(/^\s/.test(covered) ? ['begins on white space'] : []),
    ...(/\s$/.test(covered) ? ['ends on white space'] : []),
    ...(own !== undefined && own !== covered ? ['has a "text" that is not there'] : []),
  ].join(', ')
  if (wrong !== '') {
    const error = {
      rule: 'must have entities that begin and end where its words do, and have their own "text"',
      received: `${shownJson(item)}, which ${wrong}: ${quoted(covered)} is there`,
      fix: `Correct the offsets or say how they count: here ${describeReading(reading)}; or let such entities have whole words (misplacedEntities: 'fit').`,
    }
    onMisplaced(wrong, misplacedEntities === 'stop' ? error : undefined)
  }
  const read = readType(type, types)
  if (typeof read !== 'string') return refuse('label-outside-scheme', read.rule, read.received, read.fix)
  if (read !== type) onMapped()
  const isScore = typeof score === 'number'
  return { type: read, start: around[0], end: around[1], ...(isScore && { score }) }
}

/**
 * The `entities` of a JSONL post in UTF-16 units, end exclusive, in their order.
 *
 * Refuses one that covers no word, cuts a character or shares a word with another; says which are misplaced.
 */
export function readEntities(
  value: unknown,
  text: string,
  words: SplitText['offsets'],
  reading: EntityReading & EntityReport,
): TextEntity[] {
  const { refuse } = reading
  if (!Array.isArray(value)) {
    return refuse(
      'unreadable-line',
      'must have a list as "entities"',
      shownJson(value),
      'Write [{"type", "start", "end"}, ...].',
    )
  }
  const given = { text, places: new WordPlaces(text, words), unitsOf: inUnits(text, reading) }
  const entities = value.map((item: unknown) => readEntity(item, given, reading))
  const sorted = [...entities].sort((a, b) => a.start - b.start)
  const overlap = sorted.find((entity, index) => index > 0 && entity.start < sorted[index - 1]!.end)
  if (overlap) {
    refuse(
      'unreadable-line',
      'must have entities that do not overlap',
      shownJson(overlap),
      'Keep one of those that share words.',
    )
  }
  return entities
}
