import { InvalidArgumentError } from '@mafjs/tensor'

/** What is wanted of the pairs that are kept. */
export type Goal =
  | {
      /** Least share of the matching pairs that is kept; as much is dropped as that allows. */
      keep: number
    }
  | {
      /** Least share of the kept pairs that matches; as little is dropped as that needs. */
      precision: number
    }

/**
 * The threshold for a goal: pairs with this probability or more are kept. What is lost and what is kept is counted by the
 * probabilities themselves, each pair as so much of a match.
 * Source: Newton et al., "Detecting differential gene expression with a semiparametric hierarchical mixture method", 2004.
 *
 * @param probabilities calibrated, at least one
 * @throws InvalidArgumentError for a precision that no threshold reaches.
 */
export function chooseThreshold(probabilities: readonly number[], goal: Goal): number {
  const descending = [...probabilities].sort((a, b) => b - a)
  const candidates: { threshold: number; count: number; matches: number }[] = []
  let matches = 0
  for (const [i, threshold] of descending.entries()) {
    matches += threshold
    if (descending[i + 1] !== threshold) candidates.push({ threshold, count: i + 1, matches })
  }
  // The candidates go from keeping few to keeping all.
  const found =
    'keep' in goal
      ? candidates.find(candidate => candidate.matches >= goal.keep * matches)
      : candidates.findLast(candidate => candidate.matches >= goal.precision * candidate.count)
  if (found) return found.threshold
  throw new InvalidArgumentError({
    argument: 'precision',
    rule: `must be at most ${(descending[0] ?? 0).toFixed(3)}, the probability of the surest pairs`,
    received: 'precision' in goal ? goal.precision : undefined,
    fix: 'Ask for less, or give more pairs to learn from.',
  })
}
