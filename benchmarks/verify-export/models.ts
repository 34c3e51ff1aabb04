import { tokenizerFromVocab } from '@mafjs/encoders'
import { buildMaf, defaultConfig, type MafConfig, referenceConfig, saveCheckpoint } from '@mafjs/ner-maf'
import { drawWeights } from '../prepare/draw-weights'

/** A model that is made here to be exported. */
export interface DrawnModel {
  config: MafConfig
  /** Side of its pictures in pixels; absent for a text-only model. */
  pictureSize?: number
}

const PIECES = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', 'ann', 'paris', 'acme', 'sat', 'in', 'the', '##s', '##y']
const MAX_LENGTH = 24
const TYPES = ['LOC', 'ORG', 'PER']

const textEncoder = {
  kind: 'bert' as const,
  vocabSize: PIECES.length,
  hidden: 64,
  layers: 2,
  heads: 4,
  intermediate: 128,
  maxPositions: 32,
}
const resnet = {
  kind: 'resnet' as const,
  block: 'bottleneck' as const,
  layers: [1, 1, 1, 1] as [number, number, number, number],
  width: 16,
}
const patches = { kind: 'patches' as const, imageSize: 32, patchSize: 8, channels: 48 }

/** Every kind of model there is, small. */
export const DRAWN_MODELS: Readonly<Record<string, DrawnModel>> = {
  // 72 pixels make a last map of 3 x 3, which has to be pooled to 7 x 7.
  'words, ResNet': {
    config: defaultConfig({ types: TYPES, textEncoder, imageEncoder: resnet, imageSize: 512 }),
    pictureSize: 72,
  },
  'words, text only': { config: defaultConfig({ types: TYPES, textEncoder }) },
  'pieces, patches': {
    config: referenceConfig({ textEncoder, imageEncoder: patches, imageSize: 48, tokens: MAX_LENGTH }),
    pictureSize: 32,
  },
}

/** Writes a drawn model as a checkpoint folder. */
export async function writeDrawnModel(folder: string, { config, pictureSize }: DrawnModel): Promise<void> {
  const model = buildMaf(config, { initialise: false })
  const snapshot = Object.fromEntries(
    Object.entries(model.parameters()).map(([name, { shape }]) => [
      name,
      { shape, values: drawWeights(name, shape) },
    ]),
  )
  model.dispose()
  await saveCheckpoint(folder, {
    model: config,
    preprocessing: {
      splitter: 'tweet',
      maxLength: MAX_LENGTH,
      ...(pictureSize !== undefined && { pictureSize }),
    },
    tokenizer: tokenizerFromVocab(PIECES, { lowercase: true, maxLength: MAX_LENGTH }).definition,
    snapshot,
  })
}
