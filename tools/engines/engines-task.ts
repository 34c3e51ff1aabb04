import type { RunKey } from '@mafjs/compile'
import type { MafConfig } from '@mafjs/ner-maf'
import { createDemoTask } from '../../packages/ner-maf/src/demo/demo-task'
import { demoConfig } from '../../packages/ner-maf/src/demo/demo-variants'
import type { TrainingBatch } from '../../packages/ner-maf/src/train/trainer'
import { createTrainingBatches } from '../../packages/ner-maf/src/train/training-batches'

/** What both engines are given at one step. */
export interface TaskStep {
  batch: TrainingBatch
  /** What its dropout is drawn from. */
  run: RunKey
}

/** What both engines are given. */
export interface EnginesTask {
  config: MafConfig
  /** Counted from 0. */
  step(index: number): Promise<TaskStep>
}

/** How large it is. */
export interface EnginesTaskOptions {
  posts: number
  batchSize: number
  /** Whether pictures go through a CNN, or through patches where a backend cannot train one. */
  pictures: 'cnn' | 'patches'
}

const SEED = 1
const DROPOUT = 0.1

/** The demo's task: MAF with everything that can differ between engines, dropout and exchanged pictures included. */
export function createEnginesTask({ posts, batchSize, pictures }: EnginesTaskOptions): EnginesTask {
  const { corpus, tokenizer, loadPictures } = createDemoTask({ train: posts, valid: 0, test: 0, epochs: 1 })
  const demo = demoConfig('MAF', tokenizer, SEED, pictures)
  const textEncoder = { ...demo.textEncoder, hiddenDropout: DROPOUT, attentionDropout: DROPOUT }
  const config = { ...demo, textEncoder, dropout: DROPOUT }
  const train = corpus.train
  const batches = createTrainingBatches({ config, tokenizer, train, loadPictures, batchSize, seed: SEED })
  const stepsPerEpoch = batches.order(1).length
  return {
    config,
    async step(index) {
      const order = batches.order(1 + Math.floor(index / stepsPerEpoch))
      const batch = await batches.make(order[index % stepsPerEpoch]!, index)
      return { batch, run: { seed: SEED, step: index } }
    },
  }
}
