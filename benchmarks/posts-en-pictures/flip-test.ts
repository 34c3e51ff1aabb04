import { randomWords } from '@mafjs/tensor'

/** What a test by exchange says. */
export interface FlipTest {
  /** As it was observed. */
  value: number
  /** How likely a value so far from `none` is by chance, two-sided: `(r + 1) / (rounds + 1)`. */
  p: number
  rounds: number
}

/** Below this, two values are equal but for rounding. */
const ROUNDING = 1e-12

/**
 * Tests a figure of pairs whose two sides are exchangeable where pictures say nothing: each round turns every pair round with
 * probability one half. Source: Fisher, "The design of experiments", 1935.
 *
 * @param statistic the figure, given which pairs are turned round
 * @param none what it is where there is no difference
 */
export function flipTest(
  pairs: number,
  statistic: (turned: readonly boolean[]) => number,
  { none, rounds, seed }: { none: number; rounds: number; seed: number },
): FlipTest {
  const value = statistic(new Array<boolean>(pairs).fill(false))
  const least = Math.abs(value - none) - ROUNDING
  let asFar = 0
  for (let step = 0; step < rounds; step++) {
    const coins = randomWords(pairs, { seed, step, site: 'posts-en-pictures.flipTest' })
    const turned = Array.from(coins, coin => coin >>> 31 === 1)
    if (Math.abs(statistic(turned) - none) >= least) asFar++
  }
  return { value, p: (asFar + 1) / (rounds + 1), rounds }
}
