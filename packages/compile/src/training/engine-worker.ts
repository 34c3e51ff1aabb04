import type { Feed } from '../session/session'
import { serve } from '../thread/serve'
import {
  type EngineRun,
  type EngineState,
  TrainingEngine,
  type TrainingEngineOptions,
  type TrainingProgram,
} from './training-engine'

/** The engine of this thread, which `start` makes. */
let engine: TrainingEngine | undefined

serve({
  start(options: TrainingEngineOptions) {
    engine = new TrainingEngine(options)
  },
  load: (key: string, program: TrainingProgram) => engine!.load(key, program),
  step: (key: string, feeds: Record<string, Feed>, run: EngineRun, weight: number) =>
    engine!.step(key, feeds, run, weight),
  accumulate: (key: string, feeds: Record<string, Feed>, run: EngineRun, weight: number) =>
    engine!.accumulate(key, feeds, run, weight),
  losses: (key: string, feeds: Record<string, Feed>, run: EngineRun) => engine!.losses(key, feeds, run),
  values: () => engine!.values(),
  state: () => engine!.state(),
  restore: (state: EngineState) => engine!.restore(state),
  dispose: () => engine?.dispose(),
})
