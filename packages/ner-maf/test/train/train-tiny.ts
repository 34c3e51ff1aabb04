import type { Example } from '../../src/data'
import { evaluateLabels } from '../../src/evaluate'
import { buildMaf } from '../../src/model/build-maf'
import type { MafConfig } from '../../src/model/config'
import type { Maf } from '../../src/model/maf'
import { tagInBatches } from '../../src/predict/tag-in-batches'
import type { TrainingSettings } from '../../src/train/settings'
import { type TrainingInputs, type TrainingResult, trainMaf } from '../../src/train/train-maf'
import { loadPictures, POSTS, tokenizer } from '../model/tiny'

/** Two short epochs. */
export const SETTINGS: TrainingSettings = { epochs: 2, batchSize: 3, learningRate: 1e-2, seed: 7 }

/** Trains a new model and frees it. */
export async function train<T>(
  config: MafConfig,
  inputs: Partial<TrainingInputs>,
  use: (model: Maf, result: TrainingResult) => T | Promise<T>,
): Promise<T> {
  const model = buildMaf(config)
  try {
    const result = await trainMaf({
      model,
      tokenizer,
      train: POSTS,
      loadPictures,
      settings: SETTINGS,
      ...inputs,
    })
    return await use(model, result)
  } finally {
    model.dispose()
  }
}

/** Strict F1 of a model on posts. */
export const f1 = async (model: Maf, posts: readonly Example[], load = loadPictures): Promise<number> => {
  const tagged = await tagInBatches(posts, { model, tokenizer, loadPictures: load })
  const gold = posts.map(({ labels }) => labels!)
  return evaluateLabels({ gold, predicted: tagged.map(({ labels }) => labels) }).strict.micro.f1
}
