import * as tf from '@tensorflow/tfjs-core'
import { tensorsOf } from '../model/batch-tensors'
import type { Maf, MafOutputs } from '../model/maf'
import type { ModelRunner } from './model-runner'

/**
 * Runs a model kernel by kernel on a tfjs backend.
 *
 * @param backend has been started before. @default the active one
 */
export function createEagerRunner(model: Maf, backend = tf.getBackend()): ModelRunner {
  /** Applies the model on its own backend, whichever another model of this process has made the active one. */
  const apply = ({ labels: _, ...batch }: Parameters<ModelRunner['infer']>[0]): tf.Tensor[] => {
    const active = tf.getBackend()
    if (active !== backend) tf.setBackend(backend)
    try {
      return tf.tidy(() => {
        const { emissions, matching } = model.apply(tensorsOf(batch)) as MafOutputs
        return [emissions, ...(matching ? [matching.probability] : [])]
      })
    } finally {
      if (active !== backend) tf.setBackend(active)
    }
  }
  return {
    async infer(batch) {
      const outputs = apply(batch)
      try {
        const [emissions, match] = await Promise.all(outputs.map(output => output.data<'float32'>()))
        return { emissions: { data: emissions!, shape: outputs[0]!.shape }, ...(match && { match }) }
      } finally {
        tf.dispose(outputs)
      }
    },
    dispose: async () => {},
  }
}
