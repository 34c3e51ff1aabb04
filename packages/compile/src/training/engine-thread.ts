import { startThread } from '#platform'
import { separate } from '../session/separate'
import type { Feed } from '../session/session'
import { callWorker } from '../thread/call-worker'
import {
  type EngineReport,
  type EngineRun,
  type EngineState,
  TrainingEngine,
  type TrainingEngineOptions,
  type TrainingProgram,
} from './training-engine'

/** An engine in this thread or in another one. */
export interface EngineHandle {
  load(key: string, program: TrainingProgram): Promise<void>
  step(
    key: string,
    feeds: Readonly<Record<string, Feed>>,
    run: EngineRun,
    weight: number,
  ): Promise<EngineReport>
  accumulate(
    key: string,
    feeds: Readonly<Record<string, Feed>>,
    run: EngineRun,
    weight: number,
  ): Promise<Float32Array>
  losses(key: string, feeds: Readonly<Record<string, Feed>>, run: EngineRun): Promise<Float32Array>
  /** Copies of the values of every parameter, in their order. */
  values(): Promise<Float32Array[]>
  state(): Promise<EngineState>
  restore(state: EngineState): Promise<void>
  /** For an engine in this thread: where its parameters' values lie. */
  memory?: readonly Float32Array[]
  /** Frees it; nothing may be under way. */
  dispose(): Promise<void>
}

/** Starts an engine; one in another thread keeps that thread busy, not this one. */
export async function startEngine(
  options: TrainingEngineOptions,
  { worker }: { worker: boolean },
): Promise<EngineHandle> {
  if (!worker) return localHandle(new TrainingEngine(options))
  const thread = startThread('training/engine-worker')
  const { call, end } = callWorker(thread, 'trains')
  try {
    await call('start', [options])
  } catch (error) {
    await end()
    throw error
  }
  return {
    load: (key, program) => call('load', [key, program]) as Promise<void>,
    step: (key, feeds, run, weight) =>
      call('step', [key, separate(feeds), run, weight]) as Promise<EngineReport>,
    accumulate: (key, feeds, run, weight) =>
      call('accumulate', [key, separate(feeds), run, weight]) as Promise<Float32Array>,
    losses: (key, feeds, run) => call('losses', [key, separate(feeds), run]) as Promise<Float32Array>,
    values: () => call('values') as Promise<Float32Array[]>,
    state: () => call('state') as Promise<EngineState>,
    restore: state => call('restore', [state]) as Promise<void>,
    dispose: end,
  }
}

function localHandle(engine: TrainingEngine): EngineHandle {
  return {
    load: (key, program) => engine.load(key, program),
    step: (key, feeds, run, weight) => engine.step(key, feeds, run, weight),
    accumulate: (key, feeds, run, weight) => engine.accumulate(key, feeds, run, weight),
    losses: (key, feeds, run) => engine.losses(key, feeds, run),
    values: async () => engine.values(),
    state: async () => engine.state(),
    restore: async state => engine.restore(state),
    memory: engine.memory,
    dispose: () => engine.dispose(),
  }
}
