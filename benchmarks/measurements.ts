import { compile } from '@mafjs/compile'
import { quantile } from '@mafjs/evaluate'
import * as tf from '@tensorflow/tfjs-core'
import { measureFirst } from './first/measure-first'
import type { Settings, WorkSpec } from './protocol'
import { type Starter, withWork } from './race/sides'
import { measureScale } from './scale/measure-scale'
import { measureStream } from './stream/measure-stream'

/** One number that was measured. */
export interface Value {
  what: string
  value: number
  unit: string
  /** The highest value that is allowed. */
  bar?: number
}

/** What a measurement finds. */
export interface Measured {
  values: Value[]
  /** More of it, as Markdown. */
  details?: string
}

/** What was measured of ours alone. */
export interface MeasurementResult extends Measured {
  name: string
  title: string
  /** Why there are none. */
  reason?: string
}

/** What a measurement is made with; settings are those of our side in the race. */
export interface MeasurementOptions {
  ours: Starter
  folder: string
  settings: Settings
  repeats: number
  /** Whether only to see that everything runs. */
  quick: boolean
  /** Twitter-2017 and a vocabulary, where they are. */
  epochPosts: string
  vocab: string
  /** A commit to be compared with, where a measurement can. */
  against?: string | undefined
}

/** Something that is measured besides the race. */
export interface Measurement {
  name: string
  title: string
  /** As of a row: whether it is measured only where it is asked for. */
  extra?: string
  measure(options: MeasurementOptions): Promise<Value[] | Measured>
}

const TRAIN: WorkSpec = { kind: 'train', inputs: 'train' }
const SERVE: WorkSpec = { kind: 'infer', inputs: 'infer-1' }

/** Floating point operations per second of plain matrix products: what no model can be computed faster with. */
async function arithmetic({ settings }: MeasurementOptions): Promise<Value[]> {
  const values: Value[] = []
  const product = compile(({ a, b }: Record<'a' | 'b', tf.Tensor2D>) => tf.sum(tf.matMul(a, b)), {
    ...{ threads: Number(settings['threads']), spinning: true },
  })
  // Squares that the caches hold, and that they do not; about as much is computed of either.
  for (const side of [512, 2048]) {
    const square = { data: new Float32Array(side * side).fill(1), shape: [side, side] }
    const times: number[] = []
    const operations = 2 * side ** 3
    for (let run = 0; run < 4e11 / operations; run++) {
      const started = performance.now()
      await product.run({ a: square, b: square })
      times.push(performance.now() - started)
    }
    const value = operations / quantile(times, 0.5) / 1e6
    values.push({ what: `${side} x ${side}`, value, unit: 'GFLOP/s' })
  }
  await product.dispose()
  return values
}

/** What the first step takes longer than a later one: recording, optimising, encoding, and the session. */
const tracing = ({ ours, ...load }: MeasurementOptions): Promise<Value[]> =>
  withWork(ours, { work: TRAIN, ...load }, async side => {
    const first = await side.ask('run', { repeat: 1 })
    const later = await side.ask('run', { repeat: 3 })
    const seconds = (first.ms[0]! - quantile(later.ms, 0.5)) / 1000
    return [{ what: 'beyond a step', value: seconds, unit: 's', bar: 10 }]
  })

/** Posts per second of some workers that serve at the same time, each measured for about three seconds. */
async function throughput(workers: number, threads: number, { ours, folder, ...rest }: MeasurementOptions) {
  const settings = { ...rest.settings, threads }
  const sides = Array.from({ length: workers }, () => ours.start(settings))
  try {
    let slowest = 0
    for (const side of sides) {
      await side.ask('load', { work: SERVE, folder, settings })
      slowest = Math.max(slowest, (await side.ask('run', { repeat: 2 })).ms[1]!)
    }
    const repeat = Math.max(3, Math.ceil(3000 / slowest))
    const started = performance.now()
    await Promise.all(sides.map(side => side.ask('run', { repeat })))
    return (1000 * workers * repeat) / (performance.now() - started)
  } finally {
    for (const side of sides) await side.close()
  }
}

/** How long other work waits for its turn while a thread trains or serves; each runs for some seconds. */
async function delays({ ours, folder, settings }: MeasurementOptions): Promise<Value[]> {
  const place = settings['worker'] === 'on' ? 'in a worker' : 'in this thread'
  const values: Value[] = []
  for (const [what, work, repeat] of [
    ['training', TRAIN, 4],
    ['serving', SERVE, 40],
  ] as const) {
    await withWork(ours, { work, folder, settings }, async side => {
      await side.ask('run', { repeat: 1 })
      const { eventLoop } = await side.ask('run', { repeat })
      if (!eventLoop) throw new Error('The side tells nothing of its event loop.')
      const told = { '99 of 100': eventLoop.p99, longest: eventLoop.longest }
      for (const [name, value] of Object.entries(told))
        values.push({ what: `${what} ${place}: ${name}`, value, unit: 'ms' })
    })
  }
  return values
}

/** Reading a picture and cutting a text, as prediction does before the model runs. */
const preprocessing = ({ ours, repeats, ...load }: MeasurementOptions): Promise<Value[]> =>
  withWork(ours, { work: { kind: 'preprocess', inputs: 'post' }, ...load }, async side => {
    await side.ask('run', { repeat: 20 })
    const medians: number[] = []
    for (let turn = 0; turn < repeats; turn++)
      medians.push(quantile((await side.ask('run', { repeat: 40 })).ms, 0.5))
    return [{ what: 'per post', value: quantile(medians, 0.5), unit: 'ms' }]
  })

/** What is measured besides the race, in the order of the report. */
export const measurements: readonly Measurement[] = [
  {
    name: 'arithmetic',
    title: 'matrix products of float32 in ONNX Runtime, two threads: the rate that bounds every row',
    measure: arithmetic,
  },
  { name: 'tracing', title: 'tracing + session creation for the full training step', measure: tracing },
  {
    name: 'two-workers',
    title: 'inference, B = 1, two workers with one thread each against one with two',
    measure: async options => [
      { what: 'one worker, two threads', value: await throughput(1, 2, options), unit: 'posts/s' },
      { what: 'two workers, one thread each', value: await throughput(2, 1, options), unit: 'posts/s' },
    ],
  },
  {
    name: 'event-loop',
    title: 'delay of the event loop while a model is trained or serves',
    measure: async options => [
      ...(await delays(options)),
      ...(await delays({ ...options, settings: { ...options.settings, worker: 'on' } })),
    ],
  },
  {
    name: 'preprocessing',
    title: 'preprocessing of a post: a JPEG of 640 x 512 pixels and 15 words',
    measure: preprocessing,
  },
  {
    name: 'first',
    title: 'the first run of a newcomer: 43 posts, two epochs, MiniLM in size',
    ...{ extra: 'first', measure: measureFirst },
  },
  {
    name: 'scale',
    title: 'growth of training and prediction with a tiny model',
    ...{ extra: 'scale', measure: measureScale },
  },
  {
    name: 'stream',
    title: '`ner-maf predict`, the whole command, MiniLM and ResNet-18 in size',
    ...{ extra: 'stream', measure: measureStream },
  },
]
