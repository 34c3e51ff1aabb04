/** What the labels of a file may mean. */
export const LABEL_SCHEME_NAMES = ['bio', 'iob1'] as const

/** What the labels of a file mean. */
export type LabelSchemeName = (typeof LABEL_SCHEME_NAMES)[number]

/**
 * The places of the I- labels that continue no entity of their type. A label that follows such an I- of its own type is
 * none: with the first one made B- it continues that.
 */
export function orphansOf(labels: readonly string[]): number[] {
  return labels.flatMap((label, at) =>
    label.startsWith('I-') && labels[at - 1]?.slice(1) !== label.slice(1) ? [at] : [],
  )
}

/** Labels with every I- that continues nothing made B-, which is how IOB1 means them. */
export function withoutOrphans(labels: readonly string[]): string[] {
  const read = [...labels]
  for (const at of orphansOf(labels)) read[at] = `B-${labels[at]!.slice(2)}`
  return read
}
