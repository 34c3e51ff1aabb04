import type { OptimizerSpec } from '@mafjs/compile'
import { InvalidArgumentError } from '@mafjs/tensor'
import type { Engine } from '../engine/use-engine'
import type { Maf } from '../model/maf'
import { createCompiledTrainer } from './compiled-trainer'
import { createEagerTrainer } from './eager-trainer'
import type { Trainer } from './trainer'

/** How a model is trained. */
export interface TrainerOptions {
  optimizer: OptimizerSpec
  /** For the engine onnx: whether steps run in a thread of their own. @default false */
  worker?: boolean
}

/**
 * Refuses a worker with the engine tfjs.
 *
 * @throws InvalidArgumentError
 */
export function assertWorker(engine: Engine, worker = false): void {
  if (engine.name === 'onnx' || !worker) return
  throw new InvalidArgumentError({
    argument: 'worker',
    rule: 'must be left out with the engine tfjs, which computes in this thread',
    received: worker,
    fix: 'Ask for the engine onnx.',
  })
}

/**
 * Trains a model on an engine that `useEngine` has started.
 *
 * @throws InvalidArgumentError for a worker with the engine tfjs.
 */
export async function createTrainer(
  model: Maf,
  engine: Engine,
  { optimizer, worker }: TrainerOptions,
): Promise<Trainer> {
  assertWorker(engine, worker)
  return engine.name === 'onnx'
    ? createCompiledTrainer(model, { optimizer, session: engine.session, worker })
    : createEagerTrainer(model, { optimizer, backend: engine.backend })
}
