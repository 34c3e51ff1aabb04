import type { Engine } from '@mafjs/compile/engine'
import { demoTypes } from '@mafjs/demo-corpus'
import type { ImageEncoderConfig, WordTokenizer } from '@mafjs/encoders'
import { type ABLATED_MODULES, defaultConfig, type MafConfig } from '@mafjs/ner-maf'
import type { TrainingSettings } from '@mafjs/train'
import { DEMO_PICTURE_SIZE } from './demo-task'

/** The models the demo trains. */
export const DEMO_VARIANTS = ['text only', 'MAF', 'MAF without CA', 'MAF without CM'] as const

/** One of {@link DEMO_VARIANTS}. */
export type DemoVariant = (typeof DEMO_VARIANTS)[number]

const WITHOUT: Record<DemoVariant, readonly (typeof ABLATED_MODULES)[number][]> = {
  'text only': [],
  MAF: [],
  'MAF without CA': ['alignment'],
  'MAF without CM': ['matching'],
}

/** Small enough for half a minute of one core from random weights; the sizes were chosen on the validation split. */
const HIDDEN = 64
const HEADS = 4
const LAYERS = 2

/** The settings every variant is trained with, chosen on the validation split. */
export const demoSettings = (epochs: number, seed: number): TrainingSettings => ({
  epochs,
  batchSize: 16,
  learningRate: 1.4e-3,
  warmup: 0.1,
  seed,
})

/** What the demo's pictures go through. */
export type DemoPictures = 'cnn' | 'patches'

/** A CNN where the engine can train one in the time that a demo may take. */
export const demoPictures = ({ name }: Engine): DemoPictures => (name === 'onnx' ? 'cnn' : 'patches')

/** The image encoder every variant with pictures has. */
export function demoImageEncoder(pictures: DemoPictures, seed: number): ImageEncoderConfig {
  if (pictures === 'cnn') {
    return { kind: 'resnet', block: 'basic', layers: [1, 1, 1, 1], width: HIDDEN / 8, trainable: true, seed }
  }
  return {
    kind: 'patches',
    imageSize: DEMO_PICTURE_SIZE,
    patchSize: 8,
    channels: HIDDEN,
    hidden: HIDDEN,
    patchNorm: true,
    seed,
  }
}

/** The text encoder every variant has. */
export const demoTextEncoder = (tokenizer: WordTokenizer, seed: number) =>
  ({
    kind: 'bert',
    vocabSize: tokenizer.vocabSize,
    hidden: HIDDEN,
    layers: LAYERS,
    heads: HEADS,
    intermediate: 2 * HIDDEN,
    maxPositions: tokenizer.maxLength,
    // On the validation split dropout only slowed so short a run down.
    hiddenDropout: 0,
    attentionDropout: 0,
    seed,
  }) as const

/** The configuration of one variant. */
export function demoConfig(
  variant: DemoVariant,
  tokenizer: WordTokenizer,
  seed: number,
  pictures: DemoPictures,
): MafConfig {
  const withPictures = variant !== 'text only' && {
    imageEncoder: demoImageEncoder(pictures, seed),
    imageSize: HIDDEN,
  }
  return defaultConfig({
    types: demoTypes,
    textEncoder: demoTextEncoder(tokenizer, seed),
    ...withPictures,
    without: WITHOUT[variant],
    dropout: 0,
    seed,
  })
}
