import { randomWords } from '@mafjs/tensor/random'
import {
  f1Difference,
  observe,
  type PairedCounts,
  packCounts,
  ROUNDING,
  type Significance,
  type SignificanceOptions,
} from './significance'

/**
 * Approximate randomisation over sentences. `p` is two-sided, `(r + 1) / (rounds + 1)`: `r` is how often the systems differ
 * at least as much as they do when their answers to each sentence are swapped with probability one half. Source: Noreen,
 * "Computer-intensive methods for testing hypotheses", 1989; Yeh, "More accurate tests for the statistical significance of
 * result differences", 2000.
 *
 * @throws InvalidArgumentError for no sentences, different numbers of them, or an option out of range.
 */
export function approximateRandomization(
  pair: PairedCounts,
  options: SignificanceOptions = {},
): Significance {
  const observed = observe(pair, options)
  const { difference, rounds, seed } = observed
  const counts = packCounts(pair)
  const least = Math.abs(difference) - ROUNDING
  // To swap equal answers changes nothing: such sentences are summed once.
  const sums: [number, number, number, number] = [0, 0, 0, 0]
  const swappable: number[] = []
  for (let place = 0; place < counts.length; place += 4) {
    for (let i = 0; i < 4; i++) sums[i] = sums[i]! + counts[place + i]!
    if (counts[place] !== counts[place + 1] || counts[place + 2] !== counts[place + 3]) swappable.push(place)
  }
  let asLarge = 0
  for (let round = 0; round < rounds; round++) {
    const coins = randomWords(Math.ceil(swappable.length / 32), {
      seed,
      step: round,
      site: 'evaluate.approximateRandomization',
    })
    let correct = 0 // how much moves from a to b
    let total = 0
    for (const [i, place] of swappable.entries()) {
      if ((coins[i >> 5]! >>> (i & 31)) & 1) {
        correct += counts[place]! - counts[place + 1]!
        total += counts[place + 2]! - counts[place + 3]!
      }
    }
    const swapped = f1Difference(sums[0] - correct, sums[1] + correct, sums[2] - total, sums[3] + total)
    if (Math.abs(swapped) >= least) asLarge++
  }
  return { ...observed, p: (asLarge + 1) / (rounds + 1) }
}
