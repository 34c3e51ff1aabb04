import type { ExplainedPicture, ExplainedWord } from '../explanation'

/** Which map lies over the pictures. */
export type MapKind = 'attention' | 'occlusion' | 'none'

/** Changes of a probability below this are dim: else a map of nothing would look like one of something. */
const LEAST_CHANGE = 0.02

/** A map of one word over all pictures. */
export interface WordMap {
  kind: 'attention' | 'occlusion'
  values: number[]
  /** Where colour is strongest: the largest size of a value, at least 2 points for occlusion. */
  most: number
}

/**
 * The map of a word.
 *
 * @param head which head's attention; null for the mean of all
 * @returns undefined where the word has none
 */
export function mapOf(
  word: ExplainedWord | undefined,
  kind: MapKind,
  head: number | null,
): WordMap | undefined {
  if (!word || kind === 'none') return undefined
  const { attention, occlusion } = word
  const ofAttention = head === null ? attention?.mean : attention?.heads[head]
  const values = kind === 'attention' ? ofAttention : occlusion
  if (!values || values.length === 0) return undefined
  const least = kind === 'attention' ? 0 : LEAST_CHANGE
  return { kind, values, most: values.reduce((most, value) => Math.max(most, Math.abs(value)), least) }
}

/** The part of a list of regions that belongs to each picture. */
export function byPicture(values: readonly number[], pictures: readonly ExplainedPicture[]): number[][] {
  let start = 0
  return pictures.map(({ rows, columns }) => {
    const part = values.slice(start, start + rows * columns)
    start += rows * columns
    return part
  })
}

/** Where a region lies. */
export interface RegionPlace {
  picture: number
  /** From 1. */
  row: number
  /** From 1. */
  column: number
  value: number
}

/** The region with the largest value; undefined where all are 0 or less. */
export function strongestRegion(
  values: readonly number[],
  pictures: readonly ExplainedPicture[],
): RegionPlace | undefined {
  let best: RegionPlace | undefined
  for (const [picture, part] of byPicture(values, pictures).entries()) {
    const { columns } = pictures[picture]!
    for (const [i, value] of part.entries()) {
      if (value <= (best?.value ?? 0)) continue
      best = { picture, row: Math.floor(i / columns) + 1, column: (i % columns) + 1, value }
    }
  }
  return best
}
