import type { ExplainedPicture } from './explanation'

/** How a picture is divided. */
export type RegionGrid = Pick<ExplainedPicture, 'rows' | 'columns'>

/**
 * A picture of which one region is hidden by the mean colour, which is 0 after normalisation.
 *
 * @param pixels `[size, size, 3]`, normalised; left as they are
 * @param region counted row by row
 */
export function hideRegion(
  pixels: Float32Array,
  { rows, columns }: RegionGrid,
  region: number,
): Float32Array {
  const size = Math.sqrt(pixels.length / 3)
  const edge = (place: number, count: number): number => Math.round((place * size) / count)
  const [row, column] = [Math.floor(region / columns), region % columns]
  const [from, to] = [edge(column, columns), edge(column + 1, columns)]
  const hidden = pixels.slice()
  for (let y = edge(row, rows); y < edge(row + 1, rows); y++) {
    hidden.fill(0, (y * size + from) * 3, (y * size + to) * 3)
  }
  return hidden
}

/** What is hidden, and from whom. */
export interface OcclusionOptions {
  /** The pictures of one row, `[size, size, 3]` each, normalised. */
  pictures: readonly Float32Array[]
  grid: RegionGrid
  /**
   * Says of each list of pictures, all else being the same, the numbers that may fall, such as the probability of every word's
   * label: as many of each.
   */
  predict(variants: readonly (readonly Float32Array[])[]): Promise<readonly (readonly number[])[]>
  /** How many variants are made at once. @default 16 */
  batchSize?: number | undefined
}

/**
 * Hides the regions of pictures one by one (Zeiler and Fergus 2014, section 4.1).
 *
 * @returns for each of the numbers one list: by how much it falls when a region is hidden, those of the first picture row by row,
 * then those of the next
 */
export async function occlusion({
  pictures,
  grid,
  predict,
  batchSize = 16,
}: OcclusionOptions): Promise<number[][]> {
  const regions = grid.rows * grid.columns
  const count = pictures.length * regions
  const [whole = []] = await predict([pictures])
  const falls: number[][] = whole.map(() => [])
  for (let from = 0; from < count; from += batchSize) {
    const variants = Array.from({ length: Math.min(batchSize, count - from) }, (_, i) => {
      const [hidden, region] = [Math.floor((from + i) / regions), (from + i) % regions]
      return pictures.map((pixels, place) => (place === hidden ? hideRegion(pixels, grid, region) : pixels))
    })
    for (const numbers of await predict(variants)) {
      for (const [i, list] of falls.entries()) list.push(whole[i]! - numbers[i]!)
    }
  }
  return falls
}
