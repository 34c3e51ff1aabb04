import { monitorEventLoopDelay } from 'node:perf_hooks'
import { version_core as tfjs } from '@tensorflow/tfjs-core'
import { writeTensorFile } from '../files/write-tensor-file'
import { prepare } from '../prepare/prepare'
import type { Requests } from '../protocol'
import { compiledEngine } from './compiled/compiled-engine'
import { eagerEngine } from './eager/eager-engine'
import { peakBytes, resetPeak } from './peak-memory'
import { createPreprocess } from './preprocess'
import type { Engine, Work } from './work'

/** Milliseconds between the timers that show whether the event loop is free. */
const RESOLUTION = 2

const engines: Record<string, Engine> = { compiled: compiledEngine, eager: eagerEngine }
let work: Work | undefined

const loaded = (): Work => {
  if (work) return work
  throw new Error('No work is loaded.')
}

const engineOf = (name: unknown): Engine => {
  const engine = engines[String(name)]
  if (engine) return engine
  throw new Error(`Unknown engine "${name}"; known: ${Object.keys(engines).join(', ')}.`)
}

/** Answers every request. */
export const answerers: {
  [Name in keyof Requests]: (request: Requests[Name]['request']) => Promise<Requests[Name]['answer']>
} = {
  about: async () => ({ name: 'MAF.js', node: process.version, tfjs }),
  prepare: async request => ({ notes: await prepare(request) }),
  load: async request => {
    const started = performance.now()
    work =
      request.work.kind === 'preprocess'
        ? await createPreprocess(request.folder, request.work.inputs)
        : await engineOf(request.settings['engine']).load(request)
    return { ms: performance.now() - started }
  },
  run: async ({ repeat }) => {
    const delay = monitorEventLoopDelay({ resolution: RESOLUTION })
    delay.enable()
    const ms: number[] = []
    for (let i = 0; i < repeat; i++) {
      const started = performance.now()
      await loaded().run()
      ms.push(performance.now() - started)
    }
    // The turn in which the last timer is late comes after the work.
    await new Promise(resolve => setTimeout(resolve, 2 * RESOLUTION))
    delay.disable()
    const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - RESOLUTION)
    return { ms, eventLoop: { p99: late(delay.percentile(99)), longest: late(delay.max) } }
  },
  compare: async ({ to }) => {
    const tensors = await loaded().compare()
    writeTensorFile(
      to,
      Object.fromEntries(
        Object.entries(tensors).map(([name, { shape, values }]) => [name, { shape, values: () => values }]),
      ),
    )
    return { tensors: Object.keys(tensors).length }
  },
  peak: async ({ reset = false }) => {
    const bytes = peakBytes()
    if (reset) resetPeak()
    return { bytes }
  },
}
