import { createOptimizer, type OptimizerSpec } from '@mafjs/compile'
import * as tf from '@tensorflow/tfjs-core'
import { tensorsOf } from '../model/batch-tensors'
import type { Maf, MafInputs } from '../model/maf'
import { differentiate, lossesOf } from './differentiate'
import { createEagerOptimizer } from './eager-optimizer'
import { areFinite } from './loss-values'
import type { Trainer, TrainingBatch } from './trainer'

/** How a model is trained kernel by kernel. */
export interface EagerTrainerOptions {
  optimizer: OptimizerSpec
  /** The tfjs backend, which has been started before. @default the active one */
  backend?: string
}

/** Trains a model kernel by kernel on a tfjs backend. */
export async function createEagerTrainer(
  model: Maf,
  { optimizer: spec, backend = tf.getBackend() }: EagerTrainerOptions,
): Promise<Trainer> {
  const optimizer = await createEagerOptimizer(model.parameters(), store => createOptimizer(store, spec))

  const withTensors = async <T>(batch: TrainingBatch, use: (inputs: MafInputs) => Promise<T>): Promise<T> => {
    // Between two steps another model of this process may have made its own backend the active one.
    if (tf.getBackend() !== backend) tf.setBackend(backend)
    const inputs = tensorsOf(batch)
    try {
      return await use(inputs)
    } finally {
      tf.dispose(inputs as unknown as tf.TensorContainer)
    }
  }

  return {
    step: (batch, run, weight) =>
      withTensors(batch, async inputs => {
        const { gradients, losses } = await differentiate(model, inputs, run)
        try {
          if (!areFinite(losses)) return { losses, learningRate: 0, gradientNorm: Number.NaN, reached: [] }
          return { losses, ...(await optimizer.update(gradients, weight)) }
        } finally {
          tf.dispose(gradients)
        }
      }),
    accumulate: (batch, run, weight) =>
      withTensors(batch, async inputs => {
        const { gradients, losses } = await differentiate(model, inputs, run)
        try {
          await optimizer.accumulate(gradients, weight)
          return losses
        } finally {
          tf.dispose(gradients)
        }
      }),
    losses: (batch, run) => withTensors(batch, inputs => lossesOf(model, inputs, run)),
    synchronize: async () => {},
    state: async () => optimizer.state(),
    restore: async state => optimizer.restore(state),
    dispose: async () => {},
  }
}
