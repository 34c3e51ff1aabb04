import { InvalidArgumentError } from '@mafjs/tensor'
import { LABEL_SCHEME_NAMES, type LabelSchemeName } from '../posts/orphans'
import { type EntityReading, MISPLACED_NAMES } from '../posts/read-entities'
import { OFFSET_NAMES } from '../posts/text-offsets'

/** How labels and entities of a data set are to be read, where they are not as this toolkit writes them. */
export interface ReadingOptions extends Omit<EntityReading, 'types'> {
  /** What labels mean: in `iob1` an I- opens an entity too, and a B- only one that touches another. @default 'bio' */
  scheme?: LabelSchemeName | undefined
}

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
  const given = [...VALUES].flatMap(([name, values]) => {
    const value = options[name]
    if (value === undefined) return []
    if (values.includes(value)) return [[name, value]]
    throw new InvalidArgumentError({
      argument: name,
      rule: `must be one of ${values.join(', ')}`,
      received: String(value),
    })
  })
  return Object.fromEntries(given)
}
