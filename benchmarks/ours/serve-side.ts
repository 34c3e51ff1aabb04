import { readFileSync, writeFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { createInterface } from 'node:readline'
import { writeTensorFile } from '../files/tensor-file'
import type { Failure, PrepareRequest, Requests, SideDescription } from '../protocol'
import { timed } from '../timing'
import type { Work } from './works'

/** Milliseconds between the timers that show whether the event loop is free. */
const RESOLUTION = 2

/** What distinguishes one side in Node from another. */
export interface NodeSide {
  about: SideDescription
  load(request: Requests['load']['request']): Promise<Work>
  prepare?(request: PrepareRequest): Promise<string[]>
}

function notPreparing(): never {
  throw new Error('This side prepares nothing.')
}

/** A side of the race in Node: one JSON request a line on standard input, one JSON answer a line on standard output. */
export async function serveSide({ about, load, prepare = notPreparing }: NodeSide): Promise<never> {
  let work: Work | undefined
  const loaded = (): Work => {
    if (work) return work
    throw new Error('No work is loaded.')
  }
  const answerers: {
    [Name in keyof Requests]: (request: Requests[Name]['request']) => Promise<Requests[Name]['answer']>
  } = {
    about: async () => about,
    prepare: async request => ({ notes: await prepare(request) }),
    load: async request => {
      const { clock } = await timed(async () => {
        work = await load(request)
      })
      const { steps } = loaded()
      return { ms: clock, ...(steps !== undefined && { steps }) }
    },
    run: async ({ repeat }) => {
      const delay = monitorEventLoopDelay({ resolution: RESOLUTION })
      delay.enable()
      const [ms, cores]: [number[], number[]] = [[], []]
      for (let i = 0; i < repeat; i++) {
        const time = await timed(loaded().run)
        ms.push(time.clock)
        cores.push(time.cores)
      }
      // The turn in which the last timer is late comes after the work.
      await new Promise(resolve => setTimeout(resolve, 2 * RESOLUTION))
      delay.disable()
      const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - RESOLUTION)
      return { ms, cores, eventLoop: { p99: late(delay.percentile(99)), longest: late(delay.max) } }
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
}
