import type { RunKey } from '@mafjs/compile'
import { demoTypes } from '@mafjs/demo-corpus'
import type { ImageEncoderConfig } from '@mafjs/encoders'
import { defaultConfig, type MafConfig } from '@mafjs/ner-maf'
import { createDemoTask } from '../../packages/ner-maf/src/demo/demo-task'
import { demoImageEncoder, demoTextEncoder } from '../../packages/ner-maf/src/demo/demo-variants'
import type { TrainingBatch } from '../../packages/ner-maf/src/train/trainer'
import { createTrainingBatches } from '../../packages/ner-maf/src/train/training-batches'

/** How large the model is, and its batches. */
export interface BackendSize {
  batchSize: number
  /** The encoders' hidden size, layers and heads; as the demo has them where left out. */
  encoder?: { hidden: number; layers: number; heads: number }
}

/** What is measured: the demo's model, and one whose text encoder has BERT-base's layers. */
export const BACKEND_SIZES = {
  demo: { batchSize: 16 },
  base: { batchSize: 4, encoder: { hidden: 768, layers: 12, heads: 12 } },
} as const satisfies Record<string, BackendSize>

/** What every backend is given. */
export interface SizedTask {
  config: MafConfig
  batchSize: number
  /** A batch and what its dropout is drawn from, counted from 0. */
  step(index: number): Promise<{ batch: TrainingBatch; run: RunKey }>
}

const SEED = 1
const DROPOUT = 0.1

/** The demo's task, pictures in patches, with a model of that size. */
export function createSizedTask(name: keyof typeof BACKEND_SIZES, steps: number): SizedTask {
  const { batchSize, encoder }: BackendSize = BACKEND_SIZES[name]
  const size = { train: batchSize * steps, valid: 0, test: 0, epochs: 1 }
  const { corpus, tokenizer, loadPictures } = createDemoTask(size)
  const textEncoder = {
    ...demoTextEncoder(tokenizer, SEED),
    ...(encoder && { ...encoder, intermediate: 4 * encoder.hidden }),
    hiddenDropout: DROPOUT,
    attentionDropout: DROPOUT,
  }
  const { hidden } = textEncoder
  const config = defaultConfig({
    types: demoTypes,
    textEncoder,
    imageEncoder: { ...demoImageEncoder('patches', SEED), channels: hidden, hidden } as ImageEncoderConfig,
    imageSize: hidden,
    dropout: DROPOUT,
    seed: SEED,
  })
  const { train } = corpus
  const batches = createTrainingBatches({ config, tokenizer, train, loadPictures, batchSize, seed: SEED })
  const order = batches.order(1)
  return {
    config,
    batchSize,
    step: async index => ({
      batch: await batches.make(order[index]!, index),
      run: { seed: SEED, step: index },
    }),
  }
}
