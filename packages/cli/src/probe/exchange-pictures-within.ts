import { permutation } from '@mafjs/tensor'

/** Which picture each post is given. */
export interface ExchangedPictures {
  /** A file for every post that has one; the place of a post without a picture holds undefined. */
  files: (string | undefined)[]
  /** How many posts keep their own picture, because too many have the same. */
  unchanged: number
}

/**
 * Gives every post with a picture another post's, in random order, so that no picture is used more or less often than
 * before and none goes to a post that has it already, wherever that can be.
 *
 * @param files the picture of each post
 */
export function exchangePicturesWithin(
  files: readonly (string | undefined)[],
  seed: number,
): ExchangedPictures {
  const places = files.flatMap((file, place) => (file === undefined ? [] : [place]))
  const groups = new Map<string, number[]>()
  for (const i of permutation(places.length, { seed, site: 'probe.exchangePicturesWithin' })) {
    const file = files[places[i]!]!
    groups.set(file, [...(groups.get(file) ?? []), places[i]!])
  }
  // With posts of one picture side by side, a turn by the longest such stretch takes every post out of its own.
  const order = [...groups.values()].flat()
  const turn = Math.max(0, ...[...groups.values()].map(group => group.length))
  const exchanged = new Array<string | undefined>(files.length).fill(undefined)
  for (const [i, place] of order.entries()) exchanged[place] = files[order[(i + turn) % order.length]!]
  const unchanged = places.filter(place => exchanged[place] === files[place]).length
  return { files: exchanged, unchanged }
}
