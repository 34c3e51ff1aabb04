import { InvalidArgumentError } from '@mafjs/tensor/errors'
import { addObservation, emptyLikelihood, maximizeLikelihood } from './maximize-likelihood'
import { assertProbabilities } from './reliability'

/** Makes probabilities of scores. */
export interface Calibration {
  /** The probability that what has this score is true. */
  probability(score: number): number
}

/** What `plattCalibration` reads. */
export interface PlattOptions {
  /** Scores, such as logits, of held-out examples: a model is too sure of those that it was trained on. */
  scores: readonly number[]
  /** Whether each is true. */
  isTrue: readonly boolean[]
  /** An offset that is not fitted; 0 makes it temperature scaling, which leaves a score of 0 at one half. @default fitted */
  offset?: number | undefined
}

/** A sigmoid of the score, and what it was fitted to be. */
export interface PlattCalibration extends Calibration {
  slope: number
  offset: number
}

/**
 * Calibrates scores by labels: `P(true | s) = 1 / (1 + exp(-(slope s + offset)))`, slope and offset those under which the
 * labels are likeliest. Source: Platt, "Probabilistic outputs for support vector machines", 1999, with his targets, which keep
 * scores that part the labels wholly from probabilities of 0 and 1; temperature scaling (`offset: 0`): Guo et al., "On
 * calibration of modern neural networks", 2017.
 *
 * @throws InvalidArgumentError for a score that is not finite, lengths that differ, or labels that are all the same.
 */
export function plattCalibration({ scores, isTrue, offset }: PlattOptions): PlattCalibration {
  assertProbabilities({ scores }, isTrue, Number.isFinite, 'must be finite')
  const positives = isTrue.filter(Boolean).length
  if (positives === 0 || positives === isTrue.length) {
    const rule = 'must hold both true and false'
    throw new InvalidArgumentError({
      argument: 'isTrue',
      rule,
      received: `${positives} of ${isTrue.length} true`,
    })
  }
  const targets = { true: (positives + 1) / (positives + 2), false: 1 / (isTrue.length - positives + 2) }
  // Scores of any size: those of deviation 1 are as easy to fit as logits.
  const scale = Math.sqrt(scores.reduce((sum, score) => sum + score ** 2, 0) / scores.length) || 1
  const isFitted = offset === undefined
  const fitted = maximizeLikelihood(isFitted ? [0, 0] : [0], ([slope = 0, fittedOffset]) => {
    const likelihood = emptyLikelihood(isFitted ? 2 : 1)
    for (const [i, score] of scores.entries()) {
      const target = isTrue[i] ? targets.true : targets.false
      const logit = (slope * score) / scale + (fittedOffset ?? offset!)
      const said = sigmoid(logit)
      // target log(said) + (1 - target) log(1 - said), without the logarithm of 0
      likelihood.value += (target - 1) * logit - softplus(-logit)
      const slopes = isFitted ? [score / scale, 1] : [score / scale]
      addObservation(likelihood, slopes, { error: target - said, variance: said * (1 - said) })
    }
    return likelihood
  })
  const [slope, at] = [fitted[0]! / scale, offset ?? fitted[1]!]
  return { slope, offset: at, probability: score => sigmoid(slope * score + at) }
}

/** `1 / (1 + exp(-x))` */
export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))

/** `log(1 + exp(x))` */
const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))
