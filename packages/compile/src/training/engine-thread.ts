import { Worker } from 'node:worker_threads'
import type { Feed } from '../session/session'
import { callWorker } from './call-worker'
import {
  type EngineReport,
  type RunKey,
  TrainingEngine,
  type TrainingEngineOptions,
  type TrainingProgram,
} from './training-engine'

/** An engine in this thread or in another one. */
export interface EngineHandle {
  load(key: string, program: TrainingProgram): Promise<void>
  step(key: string, feeds: Readonly<Record<string, Feed>>, run: RunKey): Promise<EngineReport>
  losses(key: string, feeds: Readonly<Record<string, Feed>>, run: RunKey): Promise<Float32Array>
  /** Copies of the values of every parameter, in their order. */
  values(): Promise<Float32Array[]>
  dispose(): Promise<void>
}

/** Starts an engine; one in another thread keeps that thread busy, not this one. */
export async function startEngine(
  options: TrainingEngineOptions,
  { worker }: { worker: boolean },
): Promise<EngineHandle> {
  if (!worker) return localHandle(new TrainingEngine(options))
  const thread = startThread()
  const call = callWorker(thread)
  try {
    await call('start', options)
  } catch (error) {
    await thread.terminate()
    throw error
  }
  return {
    load: (key, program) => call('load', key, program) as Promise<void>,
    step: (key, feeds, run) => call('step', key, separate(feeds), run) as Promise<EngineReport>,
    losses: (key, feeds, run) => call('losses', key, separate(feeds), run) as Promise<Float32Array>,
    values: () => call('values') as Promise<Float32Array[]>,
    async dispose() {
      await call('dispose')
      await thread.terminate()
    },
  }
}

/** Arrays in memory of their own: of a view, all that it is a view of would be sent. */
function separate(feeds: Readonly<Record<string, Feed>>): Record<string, Feed> {
  return Object.fromEntries(
    Object.entries(feeds).map(([name, { data, shape }]) => [
      name,
      { data: data.byteLength === data.buffer.byteLength ? data : data.slice(), shape },
    ]),
  )
}

function startThread(): Worker {
  if (!import.meta.url.endsWith('.ts')) return new Worker(new URL('./engine-worker.js', import.meta.url))
  // Run from its source, the thread must learn to read TypeScript, as this one did.
  const source = new URL('./engine-worker.ts', import.meta.url).href
  const program = `import('tsx/esm/api').then(({ register }) => { register(); return import('${source}') })`
  return new Worker(program, { eval: true, execArgv: ['--conditions=@mafjs/source'] })
}

function localHandle(engine: TrainingEngine): EngineHandle {
  return {
    load: (key, program) => engine.load(key, program),
    step: (key, feeds, run) => engine.step(key, feeds, run),
    losses: (key, feeds, run) => engine.losses(key, feeds, run),
    values: async () => engine.values(),
    dispose: () => engine.dispose(),
  }
}
