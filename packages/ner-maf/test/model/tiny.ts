import { batchPictures, collate, labelIds, type Post, picturesOf } from '@mafjs/data'
import { tokenizerFromVocab } from '@mafjs/encoders'
import { uniform } from '@mafjs/tensor'
import type { Tensor } from '@tensorflow/tfjs-core'
import type { PictureReader } from '../../src/model/batch-arrays'
import type { MafConfig } from '../../src/model/config'
import type { MafInputs } from '../../src/model/maf'
import { type AblatedModule, defaultConfig, referenceConfig } from '../../src/model/presets'
import type { Wiring } from '../../src/model/wiring'
import { batchTensors } from './batch-tensors'

const VOCABULARY = ['[PAD]', '[UNK]', '[CLS]', '[SEP]'].concat(
  'rob ann paris acme sat in the visits loves hello ##s ##y'.split(' '),
)

/** Cuts `robs` into `rob ##s`, so that there are words of several pieces. */
export const tokenizer = tokenizerFromVocab(VOCABULARY, { lowercase: true, maxLength: 16 })

/** One post: words and labels in two lines of text. */
export function post(words: string, labels: string, image?: string): Post {
  return {
    id: words,
    words: words.split(' '),
    labels: labels.split(' '),
    ...(image !== undefined && { image }),
    source: { file: 'tiny.txt', line: 1 },
  }
}

/** Four posts of different lengths, one of them without a picture. */
export const POSTS: readonly Post[] = [
  post('robs sat in paris', 'B-PER O O B-LOC', 'a.png'),
  post('ann', 'B-PER', 'b.png'),
  post('hello acmey paris visits the rob', 'O B-ORG I-ORG O O B-PER'),
  post('paris loves acmes', 'B-LOC O B-ORG', 'c.png'),
]

export const PICTURE_SIZE = 4
const PIXELS = PICTURE_SIZE * PICTURE_SIZE * 3

/** A picture of noise for every name, always the same; a blank one in the place of a post without. */
export const loadPictures: PictureReader['load'] = async posts =>
  batchPictures(
    posts.map(post => picturesOf(post).map(name => uniform(PIXELS, { seed: 1, site: name }))),
    { size: PICTURE_SIZE, fill: true },
  )

/** They, as a task asks for them. */
export const pictures: PictureReader = { load: loadPictures }

const textEncoder = (dropout: number) => ({
  kind: 'bert' as const,
  vocabSize: tokenizer.vocabSize,
  hidden: 8,
  layers: 1,
  heads: 2,
  intermediate: 12,
  maxPositions: 16,
  hiddenDropout: dropout,
  attentionDropout: dropout,
})

const PICTURES = {
  imageEncoder: { kind: 'patches' as const, imageSize: PICTURE_SIZE, patchSize: 2, channels: 6, hidden: 6 },
  imageSize: 6,
}

/** What can be asked of a tiny configuration. */
export interface TinyOptions extends Wiring {
  without?: readonly AblatedModule[]
  dropout?: number
  seed?: number
  types?: readonly string[]
}

/** The default preset, text only. */
export const tinyText = ({
  dropout = 0,
  seed = 3,
  types = ['LOC', 'ORG', 'PER'],
}: TinyOptions = {}): MafConfig => defaultConfig({ types, textEncoder: textEncoder(dropout), dropout, seed })

/** The default preset with pictures. */
export const tinyMaf = ({
  without,
  dropout = 0,
  seed = 3,
  types = ['LOC', 'ORG', 'PER'],
  ...wiring
}: TinyOptions = {}): MafConfig =>
  defaultConfig({ types, textEncoder: textEncoder(dropout), ...PICTURES, without, dropout, seed, ...wiring })

/** The reference preset, two posts of a batch exchanged. */
export const tinyReference = ({
  without,
  dropout = 0,
  seed = 3,
  tokens = 12,
}: TinyOptions & { tokens?: number } = {}): MafConfig =>
  referenceConfig({
    textEncoder: textEncoder(dropout),
    ...PICTURES,
    tokens,
    exchanges: 2,
    without,
    dropout,
    seed,
  })

/** What the model reads of some posts, labels included. */
export async function inputsOf(
  config: MafConfig,
  examples: readonly Post[] = POSTS,
  load: typeof loadPictures = loadPictures,
): Promise<MafInputs> {
  const batch = collate(examples, { tokenizer, scheme: labelIds(config), padTo: config.padTo })
  return batchTensors(config, batch, await load(examples))
}

/** The numbers of a tensor. */
export const numbers = (tensor: Tensor): number[] => [...tensor.dataSync()]

/** The largest difference between two rows of numbers. */
export const distance = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((value, i) => Math.abs(value - b[i]!)), Math.abs(a.length - b.length))
