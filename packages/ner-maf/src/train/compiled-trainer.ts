import { compileTraining, type OptimizerSpec, type ThreadOptions } from '@mafjs/compile'
import type { Maf, MafInputs, MafLosses } from '../model/maf'
import type { LossValues } from './events'
import type { Trainer, TrainingBatch } from './trainer'

/** How a model is trained in ONNX Runtime. */
export interface CompiledTrainerOptions {
  optimizer: OptimizerSpec
  /** @default one thread per core */
  session?: ThreadOptions
}

/**
 * Trains a model in ONNX Runtime: one program for each shape of batches. The variables have the values of the last
 * `synchronize`; what is assigned to them meanwhile is overwritten by the next.
 */
export async function createCompiledTrainer(
  model: Maf,
  { optimizer, session = {} }: CompiledTrainerOptions,
): Promise<Trainer> {
  const training = await compileTraining(
    (inputs: TrainingBatch, options) => {
      const { losses } = model.apply(inputs as unknown as MafInputs, { ...options, checkValues: false })
      return losses as MafLosses & Record<string, MafLosses['total']>
    },
    model.parameters(),
    { ...session, optimizer },
  )
  return {
    async step(batch, run, weight) {
      const { losses, learningRate, gradientNorm, reached } = await training.step(batch, run, weight)
      return { losses: losses as unknown as LossValues, learningRate, gradientNorm, reached }
    },
    accumulate: async (batch, run, weight) =>
      (await training.accumulate(batch, run, weight)) as unknown as LossValues,
    losses: async (batch, run) => (await training.losses(batch, run)) as unknown as LossValues,
    synchronize: training.synchronize,
    state: training.state,
    restore: training.restore,
    dispose: training.dispose,
  }
}
