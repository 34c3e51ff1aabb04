import * as tf from '@tensorflow/tfjs-core'
import type * as tfl from '@tensorflow/tfjs-layers'
import { batchQuestions, type QuestionTensors } from './batch-questions'
import { buildWithModules, buildWithoutInteraction, type ModelOptions } from './build-models'
import type { Question } from './draw-questions'
import { accuracyOf, type TrainingSettings, trainModel } from './train-model'

/** Questions to learn from, to choose by, and to measure on. */
export interface Splits {
  train: Question[]
  valid: Question[]
  test: Question[]
}

/** One kind of model, and the accuracy of each of its runs on the test questions. */
export interface ComparedModel {
  name: string
  parameters: number
  runs: number[]
}

/** What a comparison gives. */
export interface Comparison {
  models: ComparedModel[]
  /** The last model that was trained: of modules, with the last seed. */
  trained: tfl.LayersModel
}

/** How the models are compared. */
export interface CompareOptions extends Omit<ModelOptions, 'seed'> {
  /** Tried with the first seed; the best on validation is used. */
  settings: readonly TrainingSettings[]
  seeds: readonly number[]
  onNote?: (note: string) => void
}

/** The models that are compared. */
const BUILDERS = {
  'without them': buildWithoutInteraction,
  'interact and fuse as layers': buildWithModules,
}

/** Trains both models with `model.fit`; settings and epochs are chosen on validation. */
export async function compareModels(
  splits: Splits,
  { hidden, settings, seeds, onNote = () => {} }: CompareOptions,
): Promise<Comparison> {
  const tensors: Record<keyof Splits, QuestionTensors> = {
    train: batchQuestions(splits.train),
    valid: batchQuestions(splits.valid),
    test: batchQuestions(splits.test),
  }
  const models: ComparedModel[] = []
  let last: tfl.LayersModel | undefined
  for (const [name, build] of Object.entries(BUILDERS)) {
    let parameters = 0
    const train = async (setting: TrainingSettings, seed: number) => {
      last?.dispose()
      const model = build({ hidden, seed })
      last = model
      parameters = model.countParams()
      const { epoch, validation } = await trainModel(model, tensors.train, tensors.valid, setting, seed)
      onNote(
        `${name}, learning rate ${setting.learningRate}, seed ${seed}: validation ${validation.toFixed(3)} after epoch ${epoch}`,
      )
      return { validation, test: () => accuracyOf(model, tensors.test) }
    }
    let chosen = { setting: settings[0]!, validation: -1 }
    for (const setting of settings.length > 1 ? settings : []) {
      const { validation } = await train(setting, seeds[0]!)
      if (validation > chosen.validation) chosen = { setting, validation }
    }
    const runs: number[] = []
    for (const seed of seeds) runs.push((await train(chosen.setting, seed)).test())
    models.push({ name, parameters, runs })
  }
  for (const { inputs, answers } of Object.values(tensors)) tf.dispose([...inputs, answers])
  return { models, trained: last! }
}
