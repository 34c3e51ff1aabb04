import { InvalidArgumentError } from '@mafjs/tensor/errors'

/** What is wanted of what is kept. */
export type ThresholdGoal =
  | {
      /** Least share of what is true that is kept; as much is dropped as that allows. */
      keep: number
      precision?: undefined
    }
  | {
      /** Least share of what is kept that is true; as little is dropped as that needs. */
      precision: number
      keep?: undefined
    }

/**
 * The threshold for a goal: what has this probability or more is kept. What is lost and what is kept is counted by the
 * probabilities themselves, each as so much of something true; so it is an expectation, as good as they are calibrated.
 * Source: Newton et al., "Detecting differential gene expression with a semiparametric hierarchical mixture method", 2004.
 *
 * @param probabilities calibrated
 * @throws InvalidArgumentError for no probability, a goal that is not above 0 and at most 1, or a precision that no threshold reaches.
 */
export function chooseThreshold(probabilities: readonly number[], goal: ThresholdGoal): number {
  const [argument, share] = goal.keep === undefined ? ['precision', goal.precision] : ['keep', goal.keep]
  const refuse = (argument: string, rule: string, received: unknown, fix: string): never => {
    throw new InvalidArgumentError({ argument, rule, received, fix })
  }
  if (probabilities.length === 0) refuse('probabilities', 'must hold at least one', 'none', 'Give some.')
  if (!(share > 0 && share <= 1)) refuse(argument, 'must be above 0 and at most 1', share, 'Give a share.')
  const descending = [...probabilities].sort((a, b) => b - a)
  const candidates: { threshold: number; count: number; matches: number }[] = []
  let matches = 0
  for (const [i, threshold] of descending.entries()) {
    matches += threshold
    if (descending[i + 1] !== threshold) candidates.push({ threshold, count: i + 1, matches })
  }
  // The candidates go from keeping few to keeping all.
  const found =
    argument === 'keep'
      ? candidates.find(candidate => candidate.matches >= share * matches)
      : candidates.findLast(candidate => candidate.matches >= share * candidate.count)
  if (found) return found.threshold
  const most = descending[0]!.toFixed(3)
  return refuse(argument, `must be at most ${most}, the highest probability`, share, 'Ask for less.')
}
