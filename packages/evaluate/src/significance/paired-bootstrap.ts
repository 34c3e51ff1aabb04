import { randomWords } from '@mafjs/tensor/random'
import { quantile } from './quantile'
import {
  f1Difference,
  observe,
  type PairedCounts,
  packCounts,
  ROUNDING,
  type Significance,
  type SignificanceOptions,
} from './significance'

/** What the paired bootstrap says. */
export interface BootstrapResult extends Significance {
  /** The middle 95 % of the differences `F1(b) - F1(a)` of all samples. */
  interval: [low: number, high: number]
}

/**
 * The paired bootstrap over sentences. `p` is one-sided, for the system that is better here: the share of samples, drawn
 * from the sentences with replacement, in which its gain is more than twice the gain on the sentences themselves; 1 where
 * there is no gain. Source: Berg-Kirkpatrick, Burkett and Klein, "An empirical investigation of statistical significance in
 * NLP", 2012, figure 1. The interval is the percentile interval of the same samples.
 *
 * @throws InvalidArgumentError for no sentences, different numbers of them, or an option out of range.
 */
export function pairedBootstrap(pair: PairedCounts, options: SignificanceOptions = {}): BootstrapResult {
  const observed = observe(pair, options)
  const { difference, rounds, seed } = observed
  const counts = packCounts(pair)
  const sentences = pair.a.length
  const differences = new Float64Array(rounds)
  const sign = Math.sign(difference)
  let larger = 0
  for (let round = 0; round < rounds; round++) {
    const draws = randomWords(sentences, { seed, step: round, site: 'evaluate.pairedBootstrap' })
    let correctA = 0
    let correctB = 0
    let totalA = 0
    let totalB = 0
    for (let i = 0; i < sentences; i++) {
      const place = 4 * Math.floor((draws[i]! / 0x100000000) * sentences)
      correctA += counts[place]!
      correctB += counts[place + 1]!
      totalA += counts[place + 2]!
      totalB += counts[place + 3]!
    }
    const drawn = f1Difference(correctA, correctB, totalA, totalB)
    differences[round] = drawn
    if (sign * (drawn - 2 * difference) > ROUNDING) larger++
  }
  return {
    ...observed,
    p: sign === 0 ? 1 : larger / rounds,
    interval: [quantile(differences, 0.025), quantile(differences, 0.975)],
  }
}
