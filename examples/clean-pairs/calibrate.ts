import { areaUnderRoc } from '@mafjs/evaluate'
import { InvalidArgumentError } from '@mafjs/tensor'

/** What scores say about pairs. */
export interface Calibration {
  /** Estimated share of the pairs that do not match. */
  mismatches: number
  /** The probability that a pair with this score matches. */
  probability(score: number): number
}

/**
 * Turns scores into probabilities that text and picture belong together, without a label. The pairs are a mixture: a share of
 * them are mismatches, whose scores have the density f of exchanged pairs, and the others match, with f(s) exp(slope s + offset):
 *
 *     ratio(s) = share + (1 - share) exp(slope s + offset)        density of the pairs, relative to f
 *     P(match | s) = 1 - share / ratio(s)                          by Bayes' rule
 *
 * so the probability is a sigmoid of the score, as in Platt's calibration ("Probabilistic outputs for support vector
 * machines", 1999). Share, slope and offset are those under which it is likeliest which of n + m scores are those of the n
 * pairs: each is with probability n ratio / (n ratio + m). Source of the mixture, of which only the density ratio has a form:
 * Anderson, "Multivariate logistic compounds", 1979; Qin, "Empirical likelihood ratio based confidence intervals for mixture
 * proportions", 1999.
 *
 * @param observed scores of the pairs, by models that have not seen them
 * @param exchanged scores of texts with pictures that are not their own, by the same models
 * @throws InvalidArgumentError where pairs do not score higher than exchanged ones by more than chance: then nothing is known.
 */
export function calibrate(observed: readonly number[], exchanged: readonly number[]): Calibration {
  const auc = areaUnderRoc(observed, exchanged) ?? 0.5
  // Three deviations of the AUC of scores that tell nothing (Mann and Whitney 1947), where there are many exchanged pairs.
  const chance = 0.5 + 3 * Math.sqrt(1 / (12 * observed.length))
  if (auc < chance) {
    throw new InvalidArgumentError({
      argument: 'pairs',
      rule: `must be told from exchanged ones: an AUC of at least ${chance.toFixed(3)}`,
      received: auc.toFixed(3),
      fix: 'Give more pairs, or better encoders.',
    })
  }
  const { share, slope, offset } = fitMixture(observed, exchanged)
  return { mismatches: share, probability: score => 1 - share / ratioAt(score, { share, slope, offset }) }
}

interface Mixture {
  share: number
  slope: number
  offset: number
}

const ratioAt = (score: number, { share, slope, offset }: Mixture): number =>
  share + (1 - share) * Math.exp(Math.min(500, slope * score + offset))

/** Free parameters: the logarithm of the share's odds, of the slope, and the offset. */
type Free = readonly [odds: number, slope: number, offset: number]

const mixtureOf = ([odds, slope, offset]: Free): Mixture => ({
  share: 1 / (1 + Math.exp(-odds)),
  slope: Math.exp(slope),
  offset,
})

/** Steps of the fit at most; it takes some ten. */
const STEPS = 200

/** The likeliest mixture, by Fisher's scoring with Levenberg's damping: a step that makes it less likely is not taken. */
function fitMixture(observed: readonly number[], exchanged: readonly number[]): Mixture {
  let free: Free = [Math.log(0.25), 0, -1]
  let now = evaluate(free, observed, exchanged)
  let damping = 1e-3
  for (let step = 0; step < STEPS && damping < 1e9; step++) {
    const move = solve(now.information, now.gradient, damping)
    const next = free.map((value, i) => value + move[i]!) as unknown as Free
    const then = evaluate(next, observed, exchanged)
    if (then.likelihood > now.likelihood) {
      const isDone = then.likelihood - now.likelihood < 1e-12
      ;[free, now, damping] = [next, then, damping / 4]
      if (isDone) break
    } else damping *= 4
  }
  return mixtureOf(free)
}

/** The log likelihood (mean over all), its gradient and Fisher's information in the free parameters. */
function evaluate(free: Free, observed: readonly number[], exchanged: readonly number[]) {
  const mixture = mixtureOf(free)
  const { share, slope } = mixture
  const all = observed.length + exchanged.length
  const odds = exchanged.length / observed.length
  const gradient = [0, 0, 0]
  const information = [0, 1, 2].map(() => [0, 0, 0])
  let likelihood = 0
  for (const [isPair, scores] of [
    [1, observed],
    [0, exchanged],
  ] as const) {
    // biome-ignore format: one line
    for (const score of scores) {
      const ratio = ratioAt(score, mixture)
      const matched = 1 - share / ratio
      const pair = ratio / (ratio + odds)
      likelihood += Math.log(isPair ? pair : odds / (ratio + odds)) / all
      // How the logarithm of the ratio changes with each free parameter.
      const slopes = [1 - share - matched, matched * slope * score, matched]
      for (let i = 0; i < 3; i++) {
        gradient[i]! += ((isPair - pair) * slopes[i]!) / all
        for (let j = 0; j < 3; j++) {
          information[i]![j]! += (pair * (1 - pair) * slopes[i]! * slopes[j]!) / all
        }
      }
    }
  }
  return { likelihood, gradient, information }
}

/** Solves a damped 3 x 3 system by Gauss's elimination; the matrix is positive definite, so no row has to be exchanged. */
function solve(matrix: readonly number[][], right: readonly number[], damping: number): number[] {
  const rows = matrix.map((row, i) => [
    ...row.map((value, j) => (i === j ? value * (1 + damping) + damping * 1e-6 : value)),
    right[i]!,
  ])
  for (const [i, pivot] of rows.entries()) {
    for (const [other, row] of rows.entries()) {
      if (other === i) continue
      const factor = row[i]! / pivot[i]!
      for (let j = i; j < 4; j++) row[j]! -= factor * pivot[j]!
    }
  }
  return rows.map((row, i) => row[3]! / row[i]!)
}
