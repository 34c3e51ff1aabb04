import type { OptimizerSpec } from '@mafjs/compile'
import type { Engine } from '../engine/use-engine'
import type { Maf } from '../model/maf'
import { createCompiledTrainer } from './compiled-trainer'
import { createEagerTrainer } from './eager-trainer'
import type { Trainer } from './trainer'

/** How a model is trained. */
export interface TrainerOptions {
  optimizer: OptimizerSpec
}

/** Trains a model on an engine that `useEngine` has started. */
export async function createTrainer(
  model: Maf,
  engine: Engine,
  { optimizer }: TrainerOptions,
): Promise<Trainer> {
  return engine.name === 'onnx'
    ? createCompiledTrainer(model, { optimizer, session: engine.session })
    : createEagerTrainer(model, { optimizer, backend: engine.backend })
}
