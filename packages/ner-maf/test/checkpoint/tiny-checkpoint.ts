import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EngineOptions } from '@mafjs/compile/engine'
import type { SplitterName } from '@mafjs/data'
import { type SavedPreparation, tokenizerFromVocab } from '@mafjs/encoders'
import { type Snapshot, takeSnapshot } from '@mafjs/train'
import { saveCheckpoint } from '../../src/checkpoint/save-checkpoint'
import { buildMaf } from '../../src/model/build-maf'
import { type AblatedModule, defaultConfig } from '../../src/model/presets'
import { loadMaf, type MafAnnotator } from '../../src/predict/load-maf'

const letters = [...'abcdefghijklmnopqrstuvwxyz']

/** Spells any latin word, letter by letter where nothing longer fits. */
export const VOCABULARY = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'].concat(
  letters,
  letters.map(letter => `##${letter}`),
  'kevin paris loves ##in'.split(' '),
)

export const PICTURE_SIZE = 8

/** What the tiny model may be made with. */
export interface TinyOptions {
  pictures?: boolean
  seed?: number
  maxLength?: number
  splitter?: SplitterName
  without?: AblatedModule[]
  overwrite?: boolean
  metrics?: object
  /** How pictures are prepared, instead of whole and as the networks of ImageNet were. */
  preparation?: Omit<SavedPreparation, 'pictureSize'>
  /** Changes the weights before they are written. */
  change?: (snapshot: Snapshot) => void
}

/** Writes a model of two types with random weights, sharp enough to find entities; needs a backend. */
export async function writeTinyCheckpoint(
  folder: string,
  {
    pictures = true,
    seed = 1,
    maxLength = 24,
    splitter = 'tweet',
    without,
    overwrite,
    metrics,
    preparation = { pictureResize: PICTURE_SIZE },
    change,
  }: TinyOptions = {},
): Promise<void> {
  const tokenizer = tokenizerFromVocab(VOCABULARY, { lowercase: true, maxLength })
  const config = defaultConfig({
    types: ['LOC', 'PER'],
    textEncoder: {
      kind: 'bert',
      vocabSize: tokenizer.vocabSize,
      hidden: 8,
      layers: 1,
      heads: 2,
      intermediate: 16,
      maxPositions: 32,
      seed,
    },
    ...(pictures && {
      imageEncoder: { kind: 'patches', imageSize: PICTURE_SIZE, patchSize: 4, channels: 6, seed } as const,
      imageSize: 6,
    }),
    ...(without && { without }),
    seed,
  })
  const model = buildMaf(config)
  const snapshot = await takeSnapshot(model.parameters())
  model.dispose()
  // First values are so small that every label would be as likely as any other.
  snapshot['classifier.weight']!.values = snapshot['classifier.weight']!.values.map(value => value * 40)
  change?.(snapshot)
  await saveCheckpoint(
    folder,
    {
      model: config,
      preprocessing: {
        splitter,
        maxLength,
        ...(pictures && { pictureSize: PICTURE_SIZE, ...preparation }),
      },
      tokenizer: tokenizer.definition,
      snapshot,
      ...(metrics && { metrics }),
    },
    { ...(overwrite !== undefined && { overwrite }) },
  )
}

/** The tiny model, loaded; its folder is gone again. */
export async function tinyMaf(
  options: TinyOptions = {},
  engine: EngineOptions = { backend: 'cpu' },
): Promise<MafAnnotator> {
  const root = await mkdtemp(join(tmpdir(), 'maf-tiny-'))
  try {
    await writeTinyCheckpoint(join(root, 'model'), options)
    return await loadMaf(join(root, 'model'), engine)
  } finally {
    await rm(root, { recursive: true })
  }
}

/** Makes the model give every word the same label, whatever the text: `B-PER` begins an entity at every word. */
export const always =
  (label: 'O' | 'B-LOC' | 'I-LOC' | 'B-PER' | 'I-PER') =>
  (snapshot: Snapshot): void => {
    snapshot['classifier.weight']!.values.fill(0)
    const labels = ['O', 'B-LOC', 'I-LOC', 'B-PER', 'I-PER']
    snapshot['classifier.bias']!.values.set(labels.map(name => (name === label ? 20 : 0)))
  }
