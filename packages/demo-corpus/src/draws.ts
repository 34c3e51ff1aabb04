import { type RandomKey, randomWords } from '@mafjs/tensor'

/** A row of random draws from one stream: the n-th draw is the same whenever and wherever it is made. */
export interface Draws {
  /** Uniform in [0, 1). */
  unit(): number
  /** Uniform in [low, high). */
  between(low: number, high: number): number
  /** An integer from 0 to `count - 1`. */
  below(count: number): number
  /** One of the list, each equally likely. */
  pick<T>(list: readonly T[]): T
  /** True with the given probability. */
  chance(probability: number): boolean
}

const blockLength = 64

/** Draws one after the other from the counter-based stream that `key` names. */
export function createDraws({ seed, step = 0, site }: RandomKey): Draws {
  let block = 0
  let place = 0
  let words: Uint32Array = new Uint32Array(0)
  const unit = () => {
    if (place === words.length) {
      words = randomWords(blockLength, { seed, step, site: `${site}#${block++}` })
      place = 0
    }
    return words[place++]! / 0x100000000
  }
  const below = (count: number) => Math.floor(unit() * count)
  return {
    unit,
    below,
    between: (low, high) => low + (high - low) * unit(),
    pick: list => list[below(list.length)]!,
    chance: probability => unit() < probability,
  }
}
