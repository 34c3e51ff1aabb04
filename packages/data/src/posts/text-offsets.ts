/** How the offsets of a file's entities count. */
export interface OffsetReading {
  /** What is counted: `utf16` units, as JavaScript's strings, or `codepoints`, as Python's. @default 'utf16' */
  offsets?: 'utf16' | 'codepoints' | undefined
  /** Whether `end` is the last sign of an entity rather than the one after it. @default false */
  endInclusive?: boolean | undefined
}

/** What offsets may count. */
export const OFFSET_NAMES = ['utf16', 'codepoints'] as const

/** Every way that offsets count. */
export const OFFSET_READINGS: readonly Required<OffsetReading>[] = [false, true].flatMap(endInclusive =>
  OFFSET_NAMES.map(offsets => ({ offsets, endInclusive })),
)

/** A reading in words. */
export const describeReading = ({ offsets = 'utf16', endInclusive = false }: OffsetReading): string =>
  `${offsets === 'utf16' ? 'UTF-16 units' : 'code points'}, end ${endInclusive ? 'inclusive' : 'exclusive'}`

/** What makes UTF-16 units, end exclusive, of the offsets in a text. A place that it does not have becomes -1. */
export function inUnits(
  text: string,
  { offsets = 'utf16', endInclusive = false }: OffsetReading,
): (start: number, end: number) => [start: number, end: number] {
  let units: number[] | undefined
  if (offsets === 'codepoints' && /[\ud800-\udfff]/.test(text)) {
    units = []
    let unit = 0
    for (const sign of text) {
      units.push(unit)
      unit += sign.length
    }
    units.push(unit)
  }
  const unitOf = (place: number): number => (units ? (units[place] ?? -1) : place)
  return (start, end) => [unitOf(start), unitOf(endInclusive ? end + 1 : end)]
}
