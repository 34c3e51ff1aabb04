import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { tokenizerFromVocab } from '@mafjs/encoders'
import { defaultConfig, type MafConfig, referenceConfig } from '@mafjs/ner-maf'
import { randomWords } from '@mafjs/tensor'
import { writeNoise } from '../../tools/tiny-world/write-noise'
import { writeDrawnCheckpoint } from '../prepare/drawn-checkpoint'

const WORDS = ['ann', 'paris', 'acme', 'sat', 'in', 'the']
const PIECES = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', ...WORDS, '##s', '##y']
const MAX_LENGTH = 24
const types = ['LOC', 'ORG', 'PER']

const shape = { hidden: 64, layers: 2, heads: 4, intermediate: 128, maxPositions: 32 }
const textEncoder = { kind: 'bert' as const, vocabSize: PIECES.length, ...shape }

/** Every kind of model there is, small; `pictureSize` is absent for a text-only one. */
export const DRAWN_MODELS: Readonly<Record<string, { config: MafConfig; pictureSize?: number }>> = {
  // 72 pixels make a last map of 3 x 3, which has to be pooled to 7 x 7.
  'words, ResNet': {
    config: defaultConfig({
      ...{ types, textEncoder, imageSize: 512 },
      imageEncoder: { kind: 'resnet', block: 'bottleneck', layers: [1, 1, 1, 1], width: 16 },
    }),
    pictureSize: 72,
  },
  'words, text only': { config: defaultConfig({ types, textEncoder }) },
  'pieces, patches': {
    config: referenceConfig({
      ...{ textEncoder, imageSize: 48, tokens: MAX_LENGTH },
      imageEncoder: { kind: 'patches', imageSize: 32, patchSize: 8, channels: 48 },
    }),
    pictureSize: 32,
  },
}

/** Writes a drawn model as a checkpoint folder. */
export async function writeDrawnModel(
  folder: string,
  { config, ...pictures }: (typeof DRAWN_MODELS)[string],
): Promise<void> {
  const tokenizer = tokenizerFromVocab(PIECES, { lowercase: true, maxLength: MAX_LENGTH })
  await writeDrawnCheckpoint(folder, { config, tokenizer, ...pictures })
}

/** Writes posts with pictures of noise: whatever a drawn model says of them, int8 should say it too. */
export async function writeLabelledPosts(folder: string): Promise<{ data: string; images: string }> {
  const images = join(folder, 'images')
  const known = [...WORDS, 'anns', 'acmes']
  const posts = Array.from({ length: 24 }, (_, post) => {
    const drawn = randomWords(8, { seed: 1, site: `post ${post}` })
    const tokens = Array.from(drawn, word => known[word % known.length]!)
    return { id: String(post), tokens, labels: tokens.map(() => 'O'), image: `${post}.png` }
  })
  await mkdir(images, { recursive: true })
  for (const { image } of posts) await writeNoise(join(images, image), 80)
  const data = join(folder, 'valid.jsonl')
  await writeFile(data, posts.map(post => `${JSON.stringify(post)}\n`).join(''))
  return { data, images }
}
