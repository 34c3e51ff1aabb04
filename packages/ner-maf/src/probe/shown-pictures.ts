import type { Example, PictureBatch } from '@mafjs/data'

/** Gives the pictures of some posts. */
export type LoadPictures = (examples: readonly Example[]) => Promise<PictureBatch>

/** Posts with the files that stand at their places; undefined for none. */
export const withPictures = (
  examples: readonly Example[],
  files: readonly (string | undefined)[],
): Example[] =>
  examples.map(({ image: _, ...example }, place) => {
    const file = files[place]
    return { ...example, ...(file !== undefined && { image: file }) }
  })

/** A picture of the mean colour for every post that has one: the mean is 0 after normalisation. */
export const blankPictures =
  (load: LoadPictures): LoadPictures =>
  async examples => {
    const { pixels, present } = await load(examples)
    return { pixels: new Float32Array(pixels.length), present }
  }
