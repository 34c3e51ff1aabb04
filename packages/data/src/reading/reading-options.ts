import { InvalidArgumentError } from '@mafjs/tensor'
import type { Place } from '../formats/format'
import { LABEL_SCHEME_NAMES } from '../posts/orphans'
import { MISPLACED_NAMES } from '../posts/read-entities'
import { OFFSET_NAMES } from '../posts/text-offsets'

/** How labels and entities of a data set are to be read, where they are not as this toolkit writes them. */
export type ReadingOptions = Pick<
  Place,
  'offsets' | 'endInclusive' | 'misplacedEntities' | 'scheme' | 'labelNames' | 'column' | 'wordColumn'
>

const isColumn = (value: unknown): boolean =>
  typeof value === 'number' ? Number.isInteger(value) && value > 0 : typeof value === 'string' && value !== ''
const areNames = (value: unknown): boolean =>
  Array.isArray(value) && value.length > 0 && value.every(name => typeof name === 'string' && name !== '')

/** Options whose values are no list, and what they must be. */
const RULES = new Map<keyof ReadingOptions, [rule: string, holds: (value: unknown) => boolean]>([
  ['column', ['must be the number of a column from 1, or its name', isColumn]],
  ['wordColumn', ['must be the number of a column from 1, or its name', isColumn]],
  ['labelNames', ['must be a list of names, none empty', areNames]],
])

const VALUES = new Map<keyof ReadingOptions, readonly unknown[]>([
  ['offsets', OFFSET_NAMES],
  ['endInclusive', [true, false]],
  ['misplacedEntities', MISPLACED_NAMES],
  ['scheme', LABEL_SCHEME_NAMES],
])

/**
 * Of some options those that say how posts are read, where they are given.
 *
 * @throws InvalidArgumentError for a value that there is not.
 */
export function readingOf(options: ReadingOptions): ReadingOptions {
  const rules = [...VALUES].map(
    ([name, values]) =>
      [name, [`must be one of ${values.join(', ')}`, (value: unknown) => values.includes(value)]] as const,
  )
  const given = [...rules, ...RULES].flatMap(([name, [rule, holds]]) => {
    const value = options[name]
    if (value === undefined) return []
    if (holds(value)) return [[name, value]]
    throw new InvalidArgumentError({ argument: name, rule, received: String(value) })
  })
  return Object.fromEntries(given)
}
