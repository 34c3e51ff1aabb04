import { uniform } from '@mafjs/tensor'

/** Numbers that are drawn one after another from one stream. */
export interface Draws {
  /** Uniform in `[low, high)`. @default 0 to 1 */
  number(low?: number, high?: number): number
  /** A whole number below `count`. */
  below(count: number): number
  /** One of a list that is not empty. */
  of<One>(list: readonly One[]): One
  /** Whether something of this probability happens. */
  chance(probability: number): boolean
}

/** At most so many numbers are drawn of a stream. */
const MOST = 256

/** Opens the stream that belongs to a step of a site. */
export function openDraws(seed: number, site: string, step: number): Draws {
  const numbers = uniform(MOST, { seed, site: `posts-en-pictures.${site}`, step })
  let next = 0
  const number = (low = 0, high = 1): number => {
    if (next === MOST) throw new Error(`More than ${MOST} numbers are drawn of a stream.`)
    return low + (high - low) * numbers[next++]!
  }
  const below = (count: number): number => Math.floor(number(0, count))
  return {
    number,
    below,
    of: list => list[below(list.length)]!,
    chance: probability => number() < probability,
  }
}
