import { InvalidArgumentError } from '@mafjs/tensor/errors'

/** What was given about the same probability. */
export interface ReliabilityBin {
  /** How many there are. */
  count: number
  /** Mean probability that was said. */
  said: number
  /** Share that is true. */
  isTrue: number
}

/**
 * Probabilities in bins of equal width, and what is true of them; a bin with nothing in it is left out.
 *
 * @param bins @default 10
 * @throws InvalidArgumentError for a probability outside of 0 to 1, or lengths that differ.
 */
export function reliability(
  probabilities: readonly number[],
  isTrue: readonly boolean[],
  bins = 10,
): ReliabilityBin[] {
  assertProbabilities({ probabilities }, isTrue, value => value >= 0 && value <= 1, 'must be from 0 to 1')
  const members = Array.from({ length: bins }, (): number[] => [])
  for (const [i, said] of probabilities.entries())
    members[Math.min(bins - 1, Math.floor(bins * said))]!.push(i)
  return members.flatMap(some => {
    const mean = (of: (i: number) => number): number => some.reduce((sum, i) => sum + of(i), 0) / some.length
    const bin = {
      count: some.length,
      said: mean(i => probabilities[i]!),
      isTrue: mean(i => Number(isTrue[i])),
    }
    return some.length > 0 ? [bin] : []
  })
}

/**
 * Expected calibration error: by how much what is said differs from what is true, over the bins of {@link reliability}, each
 * weighing as what is in it. Source: Naeini, Cooper and Hauskrecht, "Obtaining well calibrated probabilities using Bayesian
 * binning", 2015.
 *
 * @throws InvalidArgumentError for a probability outside of 0 to 1, or lengths that differ.
 */
export function calibrationError(
  probabilities: readonly number[],
  isTrue: readonly boolean[],
  bins?: number,
): number {
  const off = reliability(probabilities, isTrue, bins).map(bin => bin.count * Math.abs(bin.said - bin.isTrue))
  return off.reduce((sum, value) => sum + value, 0) / probabilities.length
}

/** Refuses values that break a rule, and another number of truths. */
export function assertProbabilities(
  named: Record<string, readonly number[]>,
  isTrue: readonly boolean[],
  holds: (value: number) => boolean,
  rule: string,
): void {
  for (const [argument, values] of Object.entries(named)) {
    const wrong = values.findIndex(value => !holds(value))
    if (wrong >= 0)
      throw new InvalidArgumentError({ argument: `${argument}[${wrong}]`, rule, received: values[wrong] })
    if (values.length === isTrue.length && values.length > 0) continue
    throw new InvalidArgumentError({
      argument: 'isTrue',
      rule: `must say of each of the ${argument} whether it is true, at least of one`,
      received: `${isTrue.length} for ${values.length}`,
    })
  }
}
