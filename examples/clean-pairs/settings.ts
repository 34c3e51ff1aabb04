import type { NamedLearner } from './choose-setting'
import { learnRidge } from './learn-ridge'
import { learnSeveral } from './learn-several'
import { type TrainingSettings, trainMatching } from './train-matching'

/** What is not tried out. */
const COMMON = {
  batchSize: 128, // half of them see another's picture
  weightDecay: 0.01, // next to nothing in so few steps
  hidden: 256, // less than either side has
  alignment: 1, // as in MAF; without it the AUC of drawn pairs is 5 points lower
}

/** Models of every fold, whose scores are averaged. */
const MODELS = 2

const matchingOf = (settings: TrainingSettings): NamedLearner => ({
  name: `learning rate ${settings.learningRate}, dropout of features ${settings.featureDropout}`,
  learn: learnSeveral((train, seed) => trainMatching(train, settings, seed), MODELS),
})

/** Of drawn pairs; chosen on those of other seeds than are measured. */
export const drawnMatching = (epochs: number): NamedLearner[] => [
  matchingOf({ ...COMMON, epochs, learningRate: 1e-3, featureDropout: 0 }),
]

/** Tried on real pairs. */
export const realMatching = (epochs: number): NamedLearner[] =>
  [0, 0.5].flatMap(featureDropout =>
    [3e-4, 1e-3].map(learningRate => matchingOf({ ...COMMON, epochs, learningRate, featureDropout })),
  )

/** Ridge regression's penalties that are tried. */
export const ridgePenalties = (): NamedLearner[] =>
  [1, 10, 100, 1e3, 1e4, 1e5].map(penalty => ({
    name: `ridge regression, penalty ${penalty}`,
    learn: learnRidge(penalty),
  }))
