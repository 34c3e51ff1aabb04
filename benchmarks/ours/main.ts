import { readFileSync, writeFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { createInterface } from 'node:readline'
import { version_core as tfjs } from '@tensorflow/tfjs-core'
import { writeTensorFile } from '../files/tensor-file'
import { prepare } from '../prepare/prepare'
import type { Failure, Requests } from '../protocol'
import { loadWork, type Work } from './works'

// Our side of the race: one JSON request a line on standard input, one JSON answer a line on standard output.

/** Milliseconds between the timers that show whether the event loop is free. */
const RESOLUTION = 2

let work: Work | undefined
const loaded = (): Work => {
  if (work) return work
  throw new Error('No work is loaded.')
}

const answerers: {
  [Name in keyof Requests]: (request: Requests[Name]['request']) => Promise<Requests[Name]['answer']>
} = {
  about: async () => ({ name: 'MAF.js', node: process.version, tfjs }),
  prepare: async request => ({ notes: await prepare(request) }),
  load: async request => {
    const started = performance.now()
    work = await loadWork(request.work, request.folder, request.settings)
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
    const tensors = Object.entries(await loaded().compare()).map(
      ([name, { shape, values }]) => [name, { shape, data: Float32Array.from(values) }] as const,
    )
    writeTensorFile(to, Object.fromEntries(tensors))
    return { tensors: tensors.length }
  },
  peak: async ({ reset = false }) => {
    // Linux alone tells it.
    const [, kilobytes] = readFileSync('/proc/self/status', 'utf8').match(/^VmHWM:\s+(\d+) kB$/m)!
    if (reset) writeFileSync('/proc/self/clear_refs', '5')
    return { bytes: Number(kilobytes) * 1024 }
  },
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line) as { do: keyof Requests } & Record<string, unknown>
  let answer: object
  try {
    answer = await answerers[request.do](request as never)
  } catch (error) {
    console.error(error)
    answer = { error: String(error) } satisfies Failure
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}
process.exit()
