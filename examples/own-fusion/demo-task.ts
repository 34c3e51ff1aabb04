import type { Engine } from '@mafjs/compile/engine'
import { batchPictures, windowRows } from '@mafjs/data'
import { createDemoCorpus, type DemoPost, demoTypes } from '@mafjs/demo-corpus'
import {
  IMAGENET_DEVIATION,
  IMAGENET_MEAN,
  type ImageEncoderConfig,
  tokenizerFromVocab,
} from '@mafjs/encoders'
import { defaultConfig, type Maf, nerTask, type PictureReader } from '@mafjs/ner-maf'
import { evaluate, fit, type TrainingSettings } from '@mafjs/train'

/** Side of a picture in pixels, word pieces that the longest post has at most, and channels of the token states. */
export const [PICTURE_SIZE, MAX_LENGTH, HIDDEN] = [56, 48, 64]
/** What is measured, and the kind of posts of the corpus that it is measured on. */
export const MEASURES: Readonly<Record<string, RegExp>> = {
  'all posts': /./,
  'text decides': /^text$/,
  'picture decides': /^picture$/,
  'picture misleads': /^mismatch$/,
}

/** The corpus of `npm run demo`, with what reads it; its pictures are drawn when they are first asked for. */
export function drawPosts(sizes: { train: number; valid: number; test: number }, seed: number) {
  const { vocabulary, pictures: render, ceilings, ...splits } = createDemoCorpus({ ...sizes, seed })
  const draw = async (post: DemoPost): Promise<Float32Array[]> => {
    const normalise = (byte: number, i: number) =>
      (byte / 255 - IMAGENET_MEAN[i % 3]!) / IMAGENET_DEVIATION[i % 3]!
    const bytes = await render(post, PICTURE_SIZE)
    return bytes ? [Float32Array.from(bytes, normalise)] : []
  }
  const drawn = new Map<DemoPost, Promise<Float32Array[]>>()
  const load: PictureReader['load'] = async given => {
    const posts = given as readonly DemoPost[]
    for (const post of posts) if (!drawn.has(post)) drawn.set(post, draw(post))
    const rows = await Promise.all(posts.map(post => drawn.get(post)!))
    return batchPictures(rows, { size: PICTURE_SIZE, fill: true })
  }
  const tokenizer = tokenizerFromVocab(vocabulary, { lowercase: false, maxLength: MAX_LENGTH })
  return { ...splits, tokenizer, pictures: { load }, textCeiling: ceilings.test.textOnly }
}
export type DrawnPosts = ReturnType<typeof drawPosts>

/** MAF at the demo's size: a small BERT and a small CNN, both trained from nothing; text only without pictures. */
export function configOf({ tokenizer }: DrawnPosts, seed: number, withPictures: boolean) {
  const sizes = { hidden: HIDDEN, layers: 2, heads: 4, intermediate: 2 * HIDDEN, maxPositions: MAX_LENGTH }
  const exact = { vocabSize: tokenizer.vocabSize, hiddenDropout: 0, attentionDropout: 0, seed }
  const cnn = { kind: 'resnet', block: 'basic', width: HIDDEN / 8, trainable: true, seed } as const
  const imageEncoder: ImageEncoderConfig = { ...cnn, layers: [1, 1, 1, 1] }
  return defaultConfig({
    types: demoTypes,
    textEncoder: { kind: 'bert', ...sizes, ...exact },
    ...(withPictures && { imageEncoder, imageSize: HIDDEN }),
    dropout: 0,
    seed,
  })
}

/** Trains a model from random weights, keeps its best epoch on validation, and measures that: strict F1, by what is measured. */
export async function trainModel(
  model: Maf,
  { tokenizer, pictures, ...posts }: DrawnPosts,
  engine: Engine,
  settings: TrainingSettings,
): Promise<number[]> {
  const rowsOf = (posts: DemoPost[]) => windowRows(posts, { config: model.config, tokenizer })
  const train = rowsOf(posts.train)
  const task = nerTask(model, { tokenizer, pictures, train })
  const scheduled = { learningRate: 1.4e-3, batchSize: 16, warmup: 0.1, ...settings }
  await fit(task, { engine, train, valid: rowsOf(posts.valid), settings: scheduled })
  const scores: number[] = []
  for (const kind of Object.values(MEASURES)) {
    const rows = rowsOf(posts.test.filter(post => kind.test(post.kind)))
    scores.push((await evaluate(task, rows, { engine })).strict.micro.f1)
  }
  return scores
}
