import type { WordMap } from './map-of'

/** Red, green and blue of what a map's regions are lit with; a picture of any colours lies below. */
export const MAP_COLOURS = {
  attention: [255, 190, 30],
  supports: [45, 212, 191],
  opposes: [251, 90, 140],
} as const

const SHADE = [10, 8, 24]
const DARKEST = 0.66
const LIGHTEST = 0.5

/**
 * The colour of a region over its picture: dark where the map is 0, and clear with a tint where it is strongest.
 *
 * @param value of the region, below 0 where hiding it makes the label likelier
 */
export function cellFill(value: number, { kind, most }: Pick<WordMap, 'kind' | 'most'>): string {
  const strength = most > 0 ? Math.min(1, Math.abs(value) / most) : 0
  const tint = MAP_COLOURS[kind === 'attention' ? 'attention' : value < 0 ? 'opposes' : 'supports']
  const [shadeShare, tintShare] = [DARKEST * (1 - strength), LIGHTEST * strength]
  // The tint lies over the shade; the two are one colour here.
  const opacity = 1 - (1 - shadeShare) * (1 - tintShare)
  const mixed = tint.map((part, i) =>
    Math.round((part * tintShare + SHADE[i]! * shadeShare * (1 - tintShare)) / (opacity || 1)),
  )
  return `rgb(${mixed.join(' ')} / ${opacity.toFixed(3)})`
}
