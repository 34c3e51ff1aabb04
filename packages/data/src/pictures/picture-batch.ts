import type { HostArray } from '@mafjs/compile'

/** The decoded pictures of a batch of posts: each once, and which post has which. */
export interface PictureBatch {
  /** `[pictures, size, size, 3]` */
  pixels: HostArray<Float32Array>
  /** `[batch, places, pictures]`: 1 where the post has that picture in that place. */
  choice: HostArray<Float32Array>
  /** `[batch]`: 1 = the post has a picture, 0 = it has none, or a broken one. */
  present: Float32Array
}

/** How pictures become a batch. */
export interface BatchPicturesOptions {
  /** Side of the square pictures, pixels. */
  size: number
  /** How many pictures there is room for, at least as many as any post has. @default that of the most, or one */
  places?: number | undefined
  /**
   * Whether every place has a picture, a blank one where the post has none: then shapes depend on nothing but the numbers of
   * posts and places, as training's few programs want it. @default false
   */
  fill?: boolean | undefined
}

/**
 * Decoded pictures as one batch; the same picture of several posts is in it once, unless it is to be filled.
 *
 * @param rows of each post its pictures, `[size, size, 3]` each
 */
export function batchPictures(
  rows: readonly (readonly Float32Array[])[],
  { size, places = Math.max(1, ...rows.map(({ length }) => length)), fill = false }: BatchPicturesOptions,
): PictureBatch {
  const batch = rows.length
  const all: (Float32Array | undefined)[] = fill
    ? rows.flatMap(row => Array.from({ length: places }, (_, place) => row[place]))
    : [...new Set(rows.flat())]
  const numbers = size * size * 3
  const pixels = new Float32Array(all.length * numbers)
  for (const [i, picture] of all.entries()) if (picture) pixels.set(picture, i * numbers)
  const choice = new Float32Array(batch * places * all.length)
  for (const [post, row] of rows.entries()) {
    for (const [place, picture] of row.entries()) {
      const at = post * places + place
      choice[at * all.length + (fill ? at : all.indexOf(picture))] = 1
    }
  }
  return {
    pixels: { data: pixels, shape: [all.length, size, size, 3] },
    choice: { data: choice, shape: [batch, places, all.length] },
    present: Float32Array.from(rows, ({ length }) => (length > 0 ? 1 : 0)),
  }
}
