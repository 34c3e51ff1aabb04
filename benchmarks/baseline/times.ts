import { join } from 'node:path'
import { useEngine } from '@mafjs/compile/engine'
import { windowRows } from '@mafjs/data'
import { markdownTable, quantile } from '@mafjs/evaluate'
import { nerTask } from '@mafjs/ner-maf'
import { openPredictor } from '@mafjs/train'
import { withFolder } from '../../tools/command'
import {
  ARMS,
  type ArmName,
  type ArmOptions,
  buildArm,
  createTurns,
  openArmFeatures,
  SIZES,
  trainArm,
} from '../features/arms'
import { writeTask } from '../features/write-task'
import { currentLoad, describeMachine, machineLine } from '../machine'
import { type Time, timed } from '../timing'
import { writeResult } from '../write-result'
import type { Options } from './measure'

/** The rows of the paper's table of running times. */
const TIMED: readonly ArmName[] = [ARMS[0], ARMS[2], 'MAF without CA', 'MAF without CM']

/** Timed epochs and passes of each model; one more goes before them. */
const REPEATS = 3

/** What a model costs: numbers, and for each post the times of an epoch of training and of tagging, milliseconds. */
export interface ModelTimes {
  name: ArmName
  /** Trained, and frozen in the image encoder. */
  parameters: { trained: number; frozen: number }
  training: Time
  tagging: Time
}

const median = (times: readonly Time[], posts: number): Time => ({
  clock: quantile(times.map(({ clock }) => clock), 0.5) / posts,
  cores: quantile(times.map(({ cores }) => cores), 0.5) / posts,
}) // biome-ignore format: one line each

function countParameters(name: ArmName, size: ArmOptions['size']): ModelTimes['parameters'] {
  const model = buildArm(name, size)
  const counts = { trained: 0, frozen: 0 }
  for (const { trainable, size: numbers } of Object.values(model.parameters()))
    counts[trainable ? 'trained' : 'frozen'] += numbers
  model.dispose()
  return counts
}

/** Tags all posts, a pass at a time; features of pictures lie in memory. */
async function timeTagging(options: Omit<ArmOptions, 'epochs' | 'turns'>): Promise<Time[]> {
  const { name, size, task: posts, engine } = options
  const model = buildArm(name, size)
  const features = name === 'text only' ? undefined : await openArmFeatures(model, options)
  const task = nerTask(model, { tokenizer: posts.tokenizer, pictures: features })
  const rows = windowRows(posts.posts, { config: model.config, tokenizer: posts.tokenizer })
  const predictor = openPredictor(task, { engine })
  const times: Time[] = []
  for (let pass = 0; pass <= REPEATS; pass++) times.push(await timed(() => predictor.predict(rows)))
  await predictor.dispose()
  await features?.dispose()
  model.dispose()
  // In the first pass the program is made.
  return times.slice(1)
}

/** Times every model, one after the other: as many as four at once take more memory than they need to be compared. */
export async function timeModels(sizeName: keyof typeof SIZES, threads: number) {
  const size = SIZES[sizeName]
  const engine = await useEngine({ engine: 'onnx', threads })
  return withFolder('times', async folder => {
    const task = await writeTask(folder, size.posts)
    const shared = { size, task, cache: join(folder, 'cache'), engine }
    const model = buildArm(ARMS[2], size)
    const features = await openArmFeatures(model, { name: ARMS[2], ...shared })
    const picture = await timed(async () => {
      for (const post of task.posts) await features.load([post])
    })
    await features.dispose()
    model.dispose()
    const models: ModelTimes[] = []
    for (const name of TIMED) {
      const arm = { name, ...shared }
      const { times } = await trainArm({ ...arm, epochs: REPEATS + 1, turns: createTurns(1) }, 0)
      models.push({
        ...{ name, parameters: countParameters(name, size) },
        training: median(times.slice(1), size.posts),
        tagging: median(await timeTagging(arm), size.posts),
      })
    }
    return { picture: median([picture], size.posts), models }
  })
}

const millions = (count: number): string => (count / 1e6).toFixed(2)

/** The paper's table of running times, of drawn posts and pictures at full size. */
export async function measureTimes({ threads, results, tiny }: Options): Promise<void> {
  const { picture, models } = await timeModels(tiny ? 'demo' : 'base', threads)
  const rows = models.map(({ name, parameters, training, tagging }) => [
    ...[name, millions(parameters.trained), millions(parameters.frozen)],
    ...[training.clock, training.cores, tagging.clock, tagging.cores].map(ms => ms.toFixed(1)),
  ])
  const columns = ['ms per post', 'trained, M', 'frozen, M', 'training', 'cores', 'tagging', 'cores']
  console.log(machineLine())
  console.log(markdownTable(columns, rows))
  console.log(`encoding a picture once: ${picture.clock.toFixed(1)} ms, cores ${picture.cores.toFixed(1)}`)
  if (!tiny)
    await writeResult(results, 'baseline-times', {
      picture,
      models,
      load: currentLoad(),
      machine: describeMachine(),
    })
}
