import type { OptimizerSpec } from '@mafjs/compile'
import type { Engine } from '@mafjs/compile/engine'
import { withLifetime } from '@mafjs/tensor/lifetime'
import { trainsOnEncodedPictures } from '../engine/encoded-pictures'
import { isFrozen, openPictureEncoder } from '../engine/open-picture-encoder'
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
  const trainer =
    engine.name === 'onnx'
      ? await createCompiledTrainer(model, { optimizer, session: engine.session })
      : await createEagerTrainer(model, { optimizer, backend: engine.backend })
  // Outside of the step: what is not trained needs no gradient, and the step's program stays small.
  const isOutside = isFrozen(model.parts)
  const whole = isOutside
    ? trainsOnEncodedPictures(trainer, openPictureEncoder(model.parts, engine))
    : trainer
  return withLifetime(whole, { of: 'trainer', again: 'Create it again' })
}
