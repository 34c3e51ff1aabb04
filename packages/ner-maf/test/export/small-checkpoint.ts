import { tokenizerFromVocab } from '@mafjs/encoders'
import { normal } from '@mafjs/tensor'
import { takeSnapshot } from '@mafjs/train'
import { saveCheckpoint } from '../../src/checkpoint/save-checkpoint'
import { buildMaf } from '../../src/model/build-maf'
import { defaultConfig } from '../../src/model/presets'
import { VOCABULARY } from '../checkpoint/tiny-checkpoint'

export const SMALL_PICTURE = 24
export const SMALL_WORDS = 'kevin paris loves in pal sev nik los via'.split(' ')

const MAX_LENGTH = 24

/** Writes a model wide enough for int8, with a small ResNet and random weights; needs a backend. */
export async function writeSmallCheckpoint(folder: string, { seed = 1 } = {}): Promise<void> {
  const tokenizer = tokenizerFromVocab(VOCABULARY, { lowercase: true, maxLength: MAX_LENGTH })
  const config = defaultConfig({
    types: ['LOC', 'PER'],
    textEncoder: {
      kind: 'bert',
      vocabSize: tokenizer.vocabSize,
      hidden: 32,
      layers: 2,
      heads: 2,
      intermediate: 64,
      maxPositions: 32,
      seed,
    },
    imageEncoder: { kind: 'resnet', block: 'basic', layers: [1, 1, 1, 1], width: 4, seed },
    imageSize: 32,
    seed,
  })
  const model = buildMaf(config)
  const snapshot = await takeSnapshot(model.parameters())
  model.dispose()
  // First values are so small that states hardly depend on the words, and that all labels are as likely.
  for (const [name, { values }] of Object.entries(snapshot)) {
    if (/embeddings.*weight$|dense.weight$|classifier.weight$/.test(name)) {
      snapshot[name]!.values = normal(values.length, { seed, site: name }).map(value => value / 4)
    }
  }
  await saveCheckpoint(folder, {
    model: config,
    preprocessing: {
      splitter: 'tweet',
      maxLength: MAX_LENGTH,
      pictureSize: SMALL_PICTURE,
      pictureResize: SMALL_PICTURE,
    },
    tokenizer: tokenizer.definition,
    snapshot,
  })
}
