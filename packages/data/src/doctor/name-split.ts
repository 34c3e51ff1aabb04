import type { Fingerprint } from './fingerprint'
import { EDITIONS, type KnownEdition, type KnownSplit, PUBLISHED } from './known-data-sets'

/** Which known split a file is. */
export interface NamedSplit {
  /** E.g. `Twitter-2015 test`. */
  name: string
  /** Whether its words and labels are exactly those published. */
  isPublished: boolean
  /** How it differs from what was published; empty where it does not. */
  differences: string[]
}

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((total, count) => total + count, 0)

/** A type may have the name of anything that every object has. */
const countOf = (counts: Readonly<Record<string, number>>, type: string): number =>
  Object.hasOwn(counts, type) ? counts[type]! : 0

const equalCounts = (a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): boolean =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].every(type => countOf(a, type) === countOf(b, type))

/** How the counts of an edited split differ from the published ones. */
function differencesOf(own: Fingerprint, known: KnownSplit, editions: readonly KnownEdition[]): string[] {
  const differences: string[] = []
  if (own.words !== known.words) differences.push(`${own.words} words instead of ${known.words}`)
  if (equalCounts(own.entities, known.entities)) {
    differences.push('the same counts of entities, but other words or labels')
    return differences
  }
  const types = [...new Set([...Object.keys(known.entities), ...Object.keys(own.entities)])]
  const changed = types
    .filter(type => countOf(own.entities, type) !== countOf(known.entities, type))
    .map(type => `${type} ${countOf(own.entities, type)} instead of ${countOf(known.entities, type)}`)
  differences.push(`${sum(own.entities)} entities instead of ${sum(known.entities)} (${changed.join(', ')})`)
  const edition = editions.find(
    ({ name, split, entities }) =>
      name === known.name && split === known.split && equalCounts(entities, own.entities),
  )
  if (edition) differences.push(`the counts of an edition in which ${edition.about}`)
  return differences
}

/**
 * Names a split by its fingerprint: its words and labels are those published, or only its posts are (by their ids), and
 * then it was edited. Its file may have any name.
 *
 * @param published the splits that can be named. @default Twitter-2015 and Twitter-2017
 * @returns undefined for data that is not known.
 */
export function nameSplit(
  own: Fingerprint,
  published: readonly KnownSplit[] = PUBLISHED,
  editions: readonly KnownEdition[] = EDITIONS,
): NamedSplit | undefined {
  const exact = published.find(({ digest }) => digest === own.digest)
  if (exact) return { name: `${exact.name} ${exact.split}`, isPublished: true, differences: [] }
  const edited = published.find(({ ids }) => ids === own.ids)
  if (!edited) return undefined
  return {
    name: `${edited.name} ${edited.split}`,
    isPublished: false,
    differences: differencesOf(own, edited, editions),
  }
}
