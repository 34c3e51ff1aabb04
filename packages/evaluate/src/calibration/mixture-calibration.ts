import { InvalidArgumentError } from '@mafjs/tensor/errors'
import { areaUnderRoc } from '../classes/area-under-roc'
import { addObservation, emptyLikelihood, maximizeLikelihood } from './maximize-likelihood'
import { type Calibration, sigmoid } from './platt-calibration'

/** What `mixtureCalibration` reads. */
export interface MixtureOptions {
  /** Scores of what is to be judged, some of which is false, by models that have not seen it. */
  scores: readonly number[]
  /** Scores of what is known to be false, such as texts with pictures of others, by the same models. */
  falseScores: readonly number[]
}

/** Probabilities, and how much is false. */
export interface MixtureCalibration extends Calibration {
  /** Estimated share of the scores that belong to what is false. */
  falseShare: number
}

/**
 * Calibrates scores without a label. They are a mixture: a share of them is false and has the density f of `falseScores`, and
 * the others are true, with f(s) exp(slope s + offset):
 *
 *     ratio(s) = share + (1 - share) exp(slope s + offset)        density of the scores, relative to f
 *     P(true | s) = 1 - share / ratio(s)                           by Bayes' rule
 *
 * so the probability is a sigmoid of the score, as in Platt's calibration. Share, slope and offset are those under which it is
 * likeliest which of n + m scores are the n to be judged: each is with probability n ratio / (n ratio + m). Source of the
 * mixture, of which only the density ratio has a form: Anderson, "Multivariate logistic compounds", 1979; Qin, "Empirical
 * likelihood ratio based confidence intervals for mixture proportions", 1999.
 *
 * @throws InvalidArgumentError where scores are not higher than false ones by more than chance: then nothing is known.
 */
export function mixtureCalibration({ scores, falseScores }: MixtureOptions): MixtureCalibration {
  const auc = areaUnderRoc(scores, falseScores) ?? 0.5
  // Three deviations of the AUC of scores that tell nothing (Mann and Whitney 1947), where there are many false ones.
  const chance = 0.5 + 3 * Math.sqrt(1 / (12 * scores.length))
  if (!(auc >= chance)) {
    throw new InvalidArgumentError({
      argument: 'scores',
      rule: `must be told from falseScores: an AUC of at least ${chance.toFixed(3)}`,
      received: auc.toFixed(3),
      fix: 'Give more scores, or those of a better model.',
    })
  }
  const odds = falseScores.length / scores.length
  const fitted = maximizeLikelihood([Math.log(0.25), 0, -1], point => {
    const mixture = mixtureAt(point)
    const likelihood = emptyLikelihood(3)
    const observe = (score: number, isJudged: number): void => {
      const ratio = ratioAt(score, mixture)
      const matched = 1 - mixture.share / ratio
      const judged = ratio / (ratio + odds)
      likelihood.value += Math.log(isJudged ? judged : odds / (ratio + odds))
      // How the logarithm of the ratio changes with each free parameter.
      const slopes = [1 - mixture.share - matched, matched * mixture.slope * score, matched]
      addObservation(likelihood, slopes, { error: isJudged - judged, variance: judged * (1 - judged) })
    }
    for (const score of scores) observe(score, 1)
    for (const score of falseScores) observe(score, 0)
    return likelihood
  })
  const mixture = mixtureAt(fitted)
  // The sigmoid itself: where the share is next to nothing, both sides of the ratio vanish.
  const logit = (score: number): number => mixture.slope * score + mixture.offset - fitted[0]!
  return { falseShare: mixture.share, probability: score => sigmoid(logit(score)) }
}

interface Mixture {
  share: number
  slope: number
  offset: number
}

/** Free parameters are the logarithm of the share's odds, that of the slope, and the offset. */
const mixtureAt = ([odds = 0, slope = 0, offset = 0]: readonly number[]): Mixture => ({
  share: sigmoid(odds),
  slope: Math.exp(slope),
  offset,
})

const ratioAt = (score: number, { share, slope, offset }: Mixture): number =>
  share + (1 - share) * Math.exp(Math.min(500, slope * score + offset))
