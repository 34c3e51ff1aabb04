import { parentPort } from 'node:worker_threads'
import type { Feed } from '../session/session'
import type { WorkerAnswer, WorkerRequest } from './call-worker'
import {
  type RunKey,
  TrainingEngine,
  type TrainingEngineOptions,
  type TrainingProgram,
} from './training-engine'

/** The engine of this thread, which `start` makes. */
let engine: TrainingEngine | undefined

const methods: Record<string, (...given: never[]) => unknown> = {
  start(options: TrainingEngineOptions) {
    engine = new TrainingEngine(options)
  },
  load: (key: string, program: TrainingProgram) => engine!.load(key, program),
  step: (key: string, feeds: Record<string, Feed>, run: RunKey) => engine!.step(key, feeds, run),
  losses: (key: string, feeds: Record<string, Feed>, run: RunKey) => engine!.losses(key, feeds, run),
  values: () => engine!.values(),
  dispose: () => engine!.dispose(),
}

/** What of a result changes hands instead of being copied. */
const transferable = (result: unknown): ArrayBuffer[] =>
  Array.isArray(result) ? result.map(values => (values as Float32Array).buffer as ArrayBuffer) : []

parentPort!.on('message', async ({ id, method, arguments: given }: WorkerRequest) => {
  try {
    const result = await methods[method]!(...(given as never[]))
    parentPort!.postMessage({ id, result } satisfies WorkerAnswer, transferable(result))
  } catch (error) {
    parentPort!.postMessage({ id, error } satisfies WorkerAnswer)
  }
})
