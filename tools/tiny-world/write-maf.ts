import { createDemoCorpus, demoTypes } from '@mafjs/demo-corpus'
import { tokenizerFromVocab } from '@mafjs/encoders'
import { buildMaf, defaultConfig, saveCheckpoint } from '@mafjs/ner-maf'
import { normal } from '@mafjs/tensor'
import { takeSnapshot } from '@mafjs/train'

/** Side of the pictures that it reads, pixels. */
const SIDE = 56

/**
 * Writes a MAF model with pictures and random weights, which nobody has trained: it finds entities everywhere. Needs a backend.
 *
 * @returns texts with words that it knows
 */
export async function writeMaf(folder: string): Promise<string[]> {
  const seed = 1
  const corpus = createDemoCorpus({ seed, train: 8, valid: 0, test: 0 })
  const tokenizer = tokenizerFromVocab(corpus.vocabulary, { lowercase: false, maxLength: 48 })
  const config = defaultConfig({
    types: [...demoTypes],
    textEncoder: {
      ...{ kind: 'bert', vocabSize: tokenizer.vocabSize, seed },
      ...{ hidden: 32, layers: 2, heads: 2, intermediate: 64, maxPositions: 48 },
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
    if (!/embeddings.*weight$|dense.weight$|classifier.weight$/.test(name)) continue
    snapshot[name]!.values = normal(values.length, { seed, site: name }).map(value => value / 4)
  }
  await saveCheckpoint(folder, {
    model: config,
    preprocessing: { splitter: 'tweet', maxLength: 48, windowOverlap: 12, pictureSize: SIDE },
    tokenizer: tokenizer.definition,
    snapshot,
  })
  return corpus.train.map(({ words }) => words.join(' '))
}
