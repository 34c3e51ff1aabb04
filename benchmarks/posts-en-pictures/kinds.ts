/** What a picture shows. */
export const KINDS = ['person', 'place', 'animal', 'product'] as const

/** One of {@link KINDS}. */
export type Kind = (typeof KINDS)[number]

/**
 * The type of what has a name and is such a thing. The label set has none for animals: a name of one is MISC, as in Twitter-2015 and
 * -2017 (CoNLL's guidelines make it PER).
 */
export const TYPE_OF: Readonly<Record<Kind, 'PER' | 'LOC' | 'MISC'>> = {
  person: 'PER',
  place: 'LOC',
  animal: 'MISC',
  product: 'MISC',
}
