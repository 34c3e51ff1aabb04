import { permutation } from '@mafjs/tensor'

/**
 * Deals the items of a list out in random order, all of them before any comes again; never the same twice running (of two
 * or more). What is dealt does not depend on what it is dealt to.
 */
export function createDealer<T>(list: readonly T[], { seed, site }: { seed: number; site: string }): () => T {
  let hand: T[] = []
  let round = 0
  let last: T | undefined
  return () => {
    if (hand.length === 0) {
      hand = permutation(list.length, { seed, step: round++, site }).map(i => list[i]!)
      if (hand.at(-1) === last) hand.reverse()
    }
    last = hand.pop()!
    return last
  }
}
