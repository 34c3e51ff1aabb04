import type { Example, PictureBatch } from '@mafjs/data'
import { tokenizerFromVocab } from '@mafjs/encoders'
import {
  buildMaf,
  defaultConfig,
  type MafConfig,
  referenceConfig,
  tagInBatches,
  trainMaf,
} from '@mafjs/ner-maf'
import { uniform } from '@mafjs/tensor'

const words = ['rob', 'ann', 'paris', 'acme', 'sat', 'in', 'hello', '##s', '##y']
const tokenizer = tokenizerFromVocab(['[PAD]', '[UNK]', '[CLS]', '[SEP]', ...words], {
  lowercase: true,
  maxLength: 12,
})

const example = (text: string, labels: string, image?: string): Example => ({
  id: text,
  words: text.split(' '),
  labels: labels.split(' '),
  ...(image !== undefined && { image }),
  source: { file: 'programs', line: 1 },
})

const posts = [
  example('robs sat in paris', 'B-PER O O B-LOC', 'a'),
  example('ann', 'B-PER', 'b'),
  example('hello acmey paris rob', 'O B-ORG I-ORG B-PER'),
  example('paris in acmes', 'B-LOC O B-ORG', 'c'),
]

const SIDE = 4
const PIXELS = SIDE * SIDE * 3

async function loadPictures(examples: readonly Example[]): Promise<PictureBatch> {
  const pixels = new Float32Array(examples.length * PIXELS)
  for (const [row, { image }] of examples.entries()) {
    if (image !== undefined) pixels.set(uniform(PIXELS, { seed: 1, site: image }), row * PIXELS)
  }
  return { pixels, present: Float32Array.from(examples, ({ image }) => (image === undefined ? 0 : 1)) }
}

const textEncoder = {
  kind: 'bert' as const,
  vocabSize: tokenizer.vocabSize,
  hidden: 8,
  layers: 1,
  heads: 2,
  intermediate: 12,
  maxPositions: 16,
}
const pictures = {
  imageEncoder: { kind: 'patches' as const, imageSize: SIDE, patchSize: 2, channels: 6 },
  imageSize: 6,
}
const types = ['LOC', 'ORG', 'PER']

const presets: MafConfig[] = [
  defaultConfig({ types, textEncoder }),
  defaultConfig({ types, textEncoder, ...pictures }),
  defaultConfig({ types, textEncoder, ...pictures, without: ['matching'] }),
  referenceConfig({ textEncoder, ...pictures, tokens: 12, exchanges: 2 }),
  referenceConfig({ textEncoder, ...pictures, tokens: 12, without: ['alignment'] }),
]

/** The whole model: every preset trained with both optimisers, validated and used, with dropout. */
export async function run(): Promise<void> {
  for (const config of presets) {
    for (const optimizer of ['adamw', 'published'] as const) {
      const model = buildMaf(config)
      const settings = { epochs: 1, batchSize: 4, learningRate: 1e-3, optimizer }
      const load = config.interaction ? { loadPictures } : {}
      await trainMaf({ model, tokenizer, train: posts, valid: posts, settings, ...load })
      await tagInBatches(posts, { model, tokenizer, ...load })
      model.dispose()
    }
  }
}
