import { randomWords } from '@mafjs/tensor'

/** Numbers drawn for one input: its kind, the seed and its place give the same ones on every machine. */
export interface Draw {
  /** A whole number from 0 to `count - 1`. */
  below(count: number): number
  one<T>(list: readonly T[]): T
}

const BLOCK = 32

/** The numbers of input `index`. */
export function drawOf(seed: number, kind: string, index: number): Draw {
  let words: Uint32Array = new Uint32Array(0)
  let taken = 0
  const below = (count: number): number => {
    if (taken % BLOCK === 0) words = randomWords(BLOCK, { seed, step: index, site: `${kind} ${taken}` })
    return Math.floor((words[taken++ % BLOCK]! / 2 ** 32) * count)
  }
  return { below, one: list => list[below(list.length)]! }
}
