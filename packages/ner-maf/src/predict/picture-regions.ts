import type { AttentionMap, RegionGrid } from '@mafjs/explain'
import type { MafConfig } from '../model/config'

/** How the regions of each picture lie on it. */
export interface PictureRegions {
  grid: RegionGrid
  /** How many regions each picture has. */
  count: number
  /** How many of them, before the others, are no place in the picture, such as the class state of a vision transformer. */
  placeless: number
}

/** Rows and columns that a convolutional network's last map is pooled to. */
const POOLED = 7

const square = (side: number, placeless = 0): PictureRegions => ({
  grid: { rows: side, columns: side },
  count: side * side + placeless,
  placeless,
})

/** How the regions of a model's image encoder lie on a picture; nothing where that cannot be told. */
export function pictureRegions({ imageEncoder }: MafConfig): PictureRegions | undefined {
  switch (imageEncoder?.kind) {
    case undefined:
      return undefined
    case 'patches':
    case 'vit':
    case 'clip':
      return square(imageEncoder.imageSize / imageEncoder.patchSize)
    case 'onnx': {
      const { regions, regionsLayout } = imageEncoder
      // Of a sequence that is one longer than a square the first is the class state.
      const sides = [0, 1].map(placeless => Math.sqrt(regions - placeless))
      const placeless = sides.findIndex(side => Number.isInteger(side) && side > 0)
      if (placeless < 0 || (placeless > 0 && regionsLayout !== 'NLC')) return undefined
      return square(sides[placeless]!, placeless)
    }
    default:
      return square(POOLED)
  }
}

/** How a picture is divided where its encoder does not tell. */
export const USUAL_GRID: RegionGrid = square(POOLED).grid

/** An attention map of the places in pictures alone. */
export function placesOf({ mean, heads }: AttentionMap, { count, placeless }: PictureRegions): AttentionMap {
  const places = (list: readonly number[]): number[] =>
    list.filter((_, region) => region % count >= placeless)
  return { mean: places(mean), heads: heads.map(places) }
}
