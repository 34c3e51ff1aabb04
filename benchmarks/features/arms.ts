import type { Engine } from '@mafjs/compile/engine'
import { resNetChannels } from '@mafjs/encoders'
import { buildMaf, defaultConfig, type FeatureStore, type Maf, openFeatures, trainMaf } from '@mafjs/ner-maf'
import type { FeatureSize } from './sizes'
import type { FeatureTask } from './task'
import type { Turns } from './turns'

/** What is timed: the text alone, MAF on features from the disk, and MAF on features that all lie in memory. */
export const ARMS = ['text only', 'MAF, warm cache', 'MAF, features in memory'] as const

/** What an arm is made of. */
export interface ArmOptions {
  name: (typeof ARMS)[number]
  size: FeatureSize
  task: FeatureTask
  cache: string
  engine: Engine
  epochs: number
  turns: Turns
}

const TYPES = ['PER']

/** The model of an arm. */
export function buildArm(name: ArmOptions['name'], { textEncoder, imageEncoder }: FeatureSize): Maf {
  const pictures = name !== 'text only' && { imageEncoder, imageSize: resNetChannels(imageEncoder) }
  return buildMaf(defaultConfig({ types: TYPES, textEncoder, ...pictures }))
}

/** The features of an arm's pictures. */
export function openArmFeatures(
  model: Maf,
  { name, size, task, cache, engine }: Pick<ArmOptions, 'name' | 'size' | 'task' | 'cache' | 'engine'>,
): Promise<FeatureStore> {
  return openFeatures({
    parts: model.parts,
    engine,
    images: task.images,
    preparation: {
      ...{ size: size.side, resize: Math.round((size.side * 8) / 7), fit: 'crop', resample: 'bilinear' },
      ...{ halfPixel: 'even', mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] },
    },
    featureCache: cache,
    // From the disk in every epoch, as where there are more pictures than memory.
    memory: name === 'MAF, warm cache' ? 0 : Number.POSITIVE_INFINITY,
  })
}

/** What the steps of every epoch took. */
export interface ArmTimes {
  /** Milliseconds. */
  wall: number[]
  /** Milliseconds of all cores, which other work on the machine changes less. */
  processor: number[]
  /** Pictures that were encoded: none, where the cache was warm. */
  computed: number
}

/** Milliseconds that the cores have spent on this process. */
function processorTime(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** Trains an arm, an epoch at each of its turns. */
export async function trainArm(options: ArmOptions, place: number): Promise<ArmTimes> {
  const { name, size, task, engine, epochs, turns } = options
  const model = buildArm(name, size)
  const features = name === 'text only' ? undefined : await openArmFeatures(model, options)
  const perEpoch = Math.ceil(task.posts.length / size.batch)
  const times: ArmTimes = { wall: [], processor: [], computed: 0 }
  let steps = 0
  let [startedAt, startedWith] = [0, 0]
  try {
    await trainMaf({
      model,
      tokenizer: task.tokenizer,
      train: task.posts,
      engine,
      settings: { epochs, batchSize: size.batch, seed: 37 },
      ...(features && { loadPictures: features.loadBatch }),
      async readAhead(posts) {
        if (steps % perEpoch === 0) {
          await turns.take(place)
          startedAt = performance.now()
          startedWith = processorTime()
        }
        await features?.readAhead(posts)
      },
      onEvent(event) {
        if (event.type === 'epoch') return turns.pass()
        steps += 1
        if (steps % perEpoch !== 0) return
        times.wall.push(performance.now() - startedAt)
        times.processor.push(processorTime() - startedWith)
      },
    })
    return { ...times, computed: features?.counts().computed ?? 0 }
  } finally {
    await features?.dispose()
    model.dispose()
  }
}
