import { type Engine, useEngine } from '@mafjs/compile/engine'
import type { Post } from '@mafjs/data'
import { evaluateLabels } from '@mafjs/evaluate'
import type { TrainingSettings } from '@mafjs/train'
import * as tf from '@tensorflow/tfjs-core'
import { buildMaf } from '../../src/model/build-maf'
import type { MafConfig } from '../../src/model/config'
import type { Maf } from '../../src/model/maf'
import { createMafProgram } from '../../src/task/maf-program'
import { tag } from '../../src/task/tag'
import { loadPictures, POSTS, pictures, tokenizer } from '../model/tiny'
import { type FitMafInputs, type FitMafResult, fitMaf } from './fit-maf'

/** Two short epochs. */
export const SETTINGS: TrainingSettings = { epochs: 2, batchSize: 3, learningRate: 1e-2, seed: 7 }

/** What the runs here are computed by: a tfjs backend, or ONNX Runtime. */
export type Computes = 'cpu' | 'wasm' | 'onnx'

/** Starts what the next runs are computed by. */
export const compute = (name: Computes): Promise<Engine> =>
  useEngine(name === 'onnx' ? { engine: 'onnx', threads: 1 } : { backend: name })

/** The engine that was started last. */
export function activeEngine(): Engine {
  const backend = tf.getBackend()
  return backend === 'onnx' ? { name: 'onnx', session: { threads: 1 } } : { name: 'tfjs', backend }
}

/** Trains a new model on the engine that was started last, and frees it. */
export async function train<T>(
  config: MafConfig,
  inputs: Partial<FitMafInputs>,
  use: (model: Maf, result: FitMafResult) => T | Promise<T>,
): Promise<T> {
  const model = buildMaf(config)
  try {
    const result = await fitMaf({
      model,
      tokenizer,
      train: POSTS,
      pictures,
      settings: SETTINGS,
      engine: activeEngine(),
      ...inputs,
    })
    return await use(model, result)
  } finally {
    model.dispose()
  }
}

/** Strict F1 of a model on posts. */
export const f1 = async (model: Maf, posts: readonly Post[], load = loadPictures): Promise<number> => {
  const program = createMafProgram(model, activeEngine())
  const tagger = { model, program, tokenizer, pictures: { load } }
  const tagged = await tag(posts, tagger).finally(program.dispose)
  const gold = posts.map(({ labels }) => labels!)
  return evaluateLabels({ gold, predicted: tagged.map(({ labels }) => labels) }).strict.micro.f1
}
