import type { Engine } from '@mafjs/compile/engine'
import { type Post, windowRows } from '@mafjs/data'
import {
  preparationOf,
  type ResNetConfig,
  resNetChannels,
  type TextEncoderConfig,
  type WordTokenizer,
} from '@mafjs/encoders'
import {
  buildMaf,
  defaultConfig,
  type Maf,
  type ModelPictures,
  nerTask,
  openModelPictures,
} from '@mafjs/ner-maf'
import { fit } from '@mafjs/train'
import { startClock, type Time } from '../timing'

/** What is trained, how much of it, and how large a batch is. */
export interface FeatureSize {
  textEncoder: TextEncoderConfig & { hidden: number; heads: number; intermediate: number }
  imageEncoder: ResNetConfig
  /** Side of the pictures, pixels. */
  side: number
  posts: number
  batch: number
}

/** The demo's model, and BERT-base with ResNet-152; all weights drawn. */
export const SIZES: Readonly<Record<'demo' | 'base', FeatureSize>> = {
  demo: {
    textEncoder: { kind: 'bert', vocabSize: 1000, hidden: 64, layers: 2, heads: 4, intermediate: 128 },
    imageEncoder: { kind: 'resnet', block: 'basic', layers: [1, 1, 1, 1], width: 8 },
    ...{ side: 56, posts: 480, batch: 16 },
  },
  base: {
    textEncoder: { kind: 'bert', vocabSize: 28_996, hidden: 768, layers: 12, heads: 12, intermediate: 3072 },
    imageEncoder: { kind: 'resnet', depth: 152 },
    ...{ side: 224, posts: 64, batch: 16 },
  },
}

/** Posts with a picture each in a folder, and a tokenizer that knows their words. */
export interface FeatureTask {
  images: string
  posts: Post[]
  tokenizer: WordTokenizer
}

/** Lets several runs work turn by turn, in the order in which they were made. @param runs how many there are */
export function createTurns(runs: number) {
  const waiting = new Map<number, () => void>()
  let now = 0
  return {
    /** Waits until it is a run's turn. */
    take: (run: number): Promise<void> =>
      run === now ? Promise.resolve() : new Promise(resolve => waiting.set(run, resolve)),
    /** Gives the turn to the next run. */
    pass(): void {
      now = (now + 1) % runs
      waiting.get(now)?.()
      waiting.delete(now)
    },
  }
}

/** What is timed: the text alone, MAF on features from the disk, and MAF on features that all lie in memory. */
export const ARMS = ['text only', 'MAF, warm cache', 'MAF, features in memory'] as const

/** MAF without a module, on features in memory. */
const WITHOUT = { 'MAF without CA': ['alignment'], 'MAF without CM': ['matching'] } as const

/** A model that is timed. */
export type ArmName = (typeof ARMS)[number] | keyof typeof WITHOUT

/** What an arm is made of. */
export interface ArmOptions {
  name: ArmName
  size: FeatureSize
  task: FeatureTask
  cache: string
  engine: Engine
  epochs: number
  turns: ReturnType<typeof createTurns>
}

const TYPES = ['PER']

/** The model of an arm. */
export function buildArm(name: ArmOptions['name'], { textEncoder, imageEncoder }: FeatureSize): Maf {
  const pictures = name !== 'text only' && { imageEncoder, imageSize: resNetChannels(imageEncoder) }
  const without = name in WITHOUT ? WITHOUT[name as keyof typeof WITHOUT] : []
  return buildMaf(defaultConfig({ types: TYPES, textEncoder, ...pictures, without }))
}

/** The features of an arm's pictures. */
export function openArmFeatures(
  model: Maf,
  { name, size, task, cache, engine }: Pick<ArmOptions, 'name' | 'size' | 'task' | 'cache' | 'engine'>,
): Promise<ModelPictures> {
  return openModelPictures({
    model,
    engine,
    images: task.images,
    preparation: preparationOf({ pictureSize: size.side }),
    featureCache: cache,
    // From the disk in every epoch, as where there are more pictures than memory.
    memory: name === 'MAF, warm cache' ? 0 : Number.POSITIVE_INFINITY,
  })
}

/** Trains an arm, an epoch at each of its turns. */
export async function trainArm(
  options: ArmOptions,
  place: number,
): Promise<{ times: Time[]; computed: number }> {
  const { name, size, task: posts, engine, epochs, turns } = options
  const model = buildArm(name, size)
  const features = name === 'text only' ? undefined : await openArmFeatures(model, options)
  const perEpoch = Math.ceil(posts.posts.length / size.batch)
  const times: Time[] = []
  let steps = 0
  let time = startClock()
  try {
    const train = windowRows(posts.posts, { config: model.config, tokenizer: posts.tokenizer })
    const task = nerTask(model, { tokenizer: posts.tokenizer, train, pictures: features })
    const inTurn: typeof task = {
      ...task,
      // Asked before every step, whether there are pictures or none.
      async ahead(rows) {
        if (steps % perEpoch === 0) {
          await turns.take(place)
          time = startClock()
        }
        await task.ahead?.(rows)
      },
    }
    await fit(inTurn, {
      ...{ engine, train, settings: { epochs, batchSize: size.batch, seed: 37 } },
      onEvent(event) {
        if (event.type === 'epoch') return turns.pass()
        steps += 1
        if (steps % perEpoch === 0) times.push(time())
      },
    })
    // None, where the cache was warm.
    return { times, computed: features?.counts()?.computed ?? 0 }
  } finally {
    await features?.dispose()
    model.dispose()
  }
}
