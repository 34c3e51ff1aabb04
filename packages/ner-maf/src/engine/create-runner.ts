import { type Engine, sessionOf } from '@mafjs/compile/engine'
import type { Maf } from '../model/maf'
import { createCompiledRunner } from './compiled-runner'
import { createEagerRunner } from './eager-runner'
import { withEncodedPictures } from './encoded-pictures'
import type { ModelRunner, RunnerOutputs } from './model-runner'

/** How a model is run. */
export interface RunnerOptions extends RunnerOutputs {
  /**
   * For the engine onnx: `constant` is fastest for a model that stays as it is, `input` for one in training, whose every
   * change would else cost a new session.
   * @default 'constant'
   */
  weights?: 'constant' | 'input'
}

/** Runs a model on an engine that `useEngine` has started. */
export function createRunner(
  model: Maf,
  engine: Engine,
  { weights, gates }: RunnerOptions = {},
): ModelRunner {
  const runner =
    engine.name === 'onnx'
      ? createCompiledRunner(model, { ...engine.session, weights, gates })
      : createEagerRunner(model, engine.backend, { gates })
  const pictures = model.parts.onnxImage?.open(sessionOf(engine))
  return pictures ? withEncodedPictures(runner, pictures) : runner
}
