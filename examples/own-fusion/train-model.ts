import type { Engine } from '@mafjs/compile/engine'
import { type DemoPost, demoTypes, type PostKind } from '@mafjs/demo-corpus'
import type { ResNetLayers } from '@mafjs/encoders'
import { evaluateLabels } from '@mafjs/evaluate'
import {
  createMafProgram,
  defaultConfig,
  type Maf,
  type MafConfig,
  nerTask,
  tag,
  windowRows,
} from '@mafjs/ner-maf'
import { fit } from '@mafjs/train'
import type { DrawnPosts } from './draw-posts'

/** The kinds of posts that are told apart, and what decides in them. */
export const KINDS: Partial<Record<PostKind, string>> = {
  text: 'text decides',
  picture: 'picture decides',
  mismatch: 'picture misleads',
}

/** Strict F1 on all test posts and on those of each kind, in [0, 1]. */
export interface Scores {
  all: number
  kinds: Partial<Record<PostKind, number>>
}

/** How a model is trained. */
export interface TrainingOptions {
  epochs: number
  learningRate: number
  seed: number
  engine: Engine
}

/** Channels of the token states: enough for so small a corpus. */
const HIDDEN = 64

/** MAF at the demo's size: a small BERT and a small CNN, both trained from nothing; text only without pictures. */
export function configOf({ tokenizer }: DrawnPosts, seed: number, withPictures: boolean): MafConfig {
  const sizes = { hidden: HIDDEN, heads: 4, intermediate: 2 * HIDDEN, vocabSize: tokenizer.vocabSize }
  const withoutDropout = { hiddenDropout: 0, attentionDropout: 0 }
  const imageEncoder = {
    kind: 'resnet',
    block: 'basic',
    layers: [1, 1, 1, 1] as ResNetLayers,
    trainable: true,
  } as const
  return defaultConfig({
    types: demoTypes,
    textEncoder: {
      kind: 'bert',
      layers: 2,
      maxPositions: tokenizer.maxLength,
      ...sizes,
      ...withoutDropout,
      seed,
    },
    ...(withPictures && { imageEncoder: { ...imageEncoder, width: HIDDEN / 8, seed }, imageSize: HIDDEN }),
    dropout: 0,
    seed,
  })
}

const f1 = (posts: readonly DemoPost[], predicted: readonly (readonly string[])[]): number =>
  evaluateLabels({ gold: posts.map(({ labels }) => labels), predicted }).strict.micro.f1

/** Trains a model from random weights, keeps its best epoch on validation, and measures that on the test posts. */
export async function trainModel(
  model: Maf,
  { train, valid, test, tokenizer, pictures: drawn }: DrawnPosts,
  { epochs, learningRate, seed, engine }: TrainingOptions,
): Promise<{ scores: Scores; validation: number }> {
  const pictures = model.config.fusion ? drawn : undefined
  const settings = { epochs, learningRate, seed, batchSize: 16, warmup: 0.1 }
  const rowsOf = (posts: readonly DemoPost[]) => windowRows(posts, { config: model.config, tokenizer })
  const rows = rowsOf(train)
  const task = nerTask(model, { tokenizer, pictures, train: rows })
  const { validation } = await fit(task, { engine, train: rows, valid: rowsOf(valid), settings })
  const program = createMafProgram(model, engine)
  const tagged = await tag(test, { model, program, tokenizer, pictures, batchSize: 32 })
  await program.dispose()
  const labels = tagged.map(post => post.labels)
  const kinds = Object.keys(KINDS).map(kind => {
    const rows = test.flatMap((post, row) => (post.kind === kind ? [row] : []))
    return [
      kind,
      f1(
        rows.map(row => test[row]!),
        rows.map(row => labels[row]!),
      ),
    ]
  })
  return {
    scores: { all: f1(test, labels), kinds: Object.fromEntries(kinds) },
    validation: validation!.strict.micro.f1,
  }
}
