import type { LearnScorer, TrainedScorer } from './score-pairs'

/**
 * Learns several times with other seeds and gives the mean of the scores: what one training finds by chance weighs less.
 * Source: Lakshminarayanan, Pritzel and Blundell, "Simple and scalable predictive uncertainty estimation using deep
 * ensembles", 2017.
 */
export const learnSeveral =
  (learn: LearnScorer, models: number): LearnScorer =>
  async (train, seed) => {
    const scorers: TrainedScorer[] = []
    for (let model = 0; model < models; model++) scorers.push(await learn(train, seed * models + model))
    return {
      async score(features, pairs) {
        const mean = new Array<number>(pairs.length).fill(0)
        for (const scorer of scorers) {
          for (const [i, score] of (await scorer.score(features, pairs)).entries()) mean[i]! += score / models
        }
        return mean
      },
      async dispose() {
        for (const scorer of scorers) await scorer.dispose()
      },
    }
  }
