import type { Given, RunKey } from '@mafjs/compile'
import { batchPictures, type PictureBatch, windowRows } from '@mafjs/data'
import { createDemoCorpus, type DemoPost, demoTypes } from '@mafjs/demo-corpus'
import {
  IMAGENET_DEVIATION,
  IMAGENET_MEAN,
  type ImageEncoderConfig,
  tokenizerFromVocab,
} from '@mafjs/encoders'
import { buildMaf, defaultConfig, type MafConfig, type MafInputs, nerTask } from '@mafjs/ner-maf'
import { batchOrder } from '@mafjs/train'

/** What every engine is given. */
export interface DemoTraining {
  config: MafConfig
  batchSize: number
  /** A batch and what its dropout is drawn from, counted from 0; behind the last post an epoch begins. */
  step(index: number): Promise<{ batch: Given<MafInputs>; run: RunKey }>
}

/** How large it is. */
export interface DemoTrainingOptions {
  posts: number
  batchSize: number
  /** Whether pictures go through a CNN, or through patches where a backend cannot train one. */
  pictures: 'cnn' | 'patches'
  /** Of the text encoder; as the demo has it where left out. */
  encoder?: { hidden: number; layers: number; heads: number }
}

const SEED = 1
const DROPOUT = 0.1

/** Side of the pictures in pixels: 7 x 7 patches of 8. */
const SIDE = 56

/** The demo's task: MAF with everything that can differ between engines, dropout and exchanged pictures included. */
export function createDemoTraining({
  posts,
  batchSize,
  pictures,
  encoder = { hidden: 64, layers: 2, heads: 4 },
}: DemoTrainingOptions): DemoTraining {
  const corpus = createDemoCorpus({ seed: SEED, train: posts, valid: 0, test: 0 })
  const tokenizer = tokenizerFromVocab(corpus.vocabulary, { lowercase: false, maxLength: 48 })
  const { hidden } = encoder
  const imageEncoder: Record<typeof pictures, ImageEncoderConfig> = {
    cnn: {
      kind: 'resnet',
      block: 'basic',
      layers: [1, 1, 1, 1],
      width: hidden / 8,
      trainable: true,
      seed: SEED,
    },
    patches: {
      ...{
        kind: 'patches',
        imageSize: SIDE,
        patchSize: 8,
        channels: hidden,
        hidden,
        patchNorm: true,
        seed: SEED,
      },
    },
  }
  const config = defaultConfig({
    types: demoTypes,
    textEncoder: {
      ...{ kind: 'bert', vocabSize: tokenizer.vocabSize, ...encoder, seed: SEED },
      intermediate: hidden * (hidden === 64 ? 2 : 4),
      maxPositions: tokenizer.maxLength,
      hiddenDropout: DROPOUT,
      attentionDropout: DROPOUT,
    },
    imageEncoder: imageEncoder[pictures],
    imageSize: hidden,
    dropout: DROPOUT,
    seed: SEED,
  })
  const load = async (posts: readonly object[]): Promise<PictureBatch> => {
    const rendered = await Promise.all(posts.map(post => corpus.pictures(post as DemoPost, SIDE)))
    const normalise = (value: number, i: number) =>
      (value / 255 - IMAGENET_MEAN[i % 3]!) / IMAGENET_DEVIATION[i % 3]!
    const rows = rendered.map(picture => (picture ? [Float32Array.from(picture, normalise)] : []))
    return batchPictures(rows, { size: SIDE, fill: true })
  }
  const rows = windowRows(corpus.train, { config, tokenizer })
  const shape = buildMaf(config, { initialise: false })
  const { collate, length } = nerTask(shape, { tokenizer, pictures: { load }, train: rows })
  shape.dispose()
  const lengths = length && rows.map(length)
  const orderOf = (epoch: number) =>
    batchOrder(rows.length, { batchSize, seed: SEED, epoch, shuffle: true, lengths })
  const stepsPerEpoch = orderOf(1).length
  return {
    config,
    batchSize,
    async step(index) {
      const places = orderOf(1 + Math.floor(index / stepsPerEpoch))[index % stepsPerEpoch]!
      const run = { seed: SEED, step: index }
      return {
        batch: await collate(
          places.map(place => rows[place]!),
          run,
        ),
        run,
      }
    },
  }
}
