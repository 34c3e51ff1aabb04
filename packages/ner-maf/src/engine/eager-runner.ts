import * as tf from '@tensorflow/tfjs-core'
import { tensorsOf } from '../model/batch-tensors'
import { hasGate } from '../model/config'
import type { Maf, MafOutputs } from '../model/maf'
import { createModelRunner, type ModelRunner, type RunnerOutputs } from './model-runner'

/**
 * Runs a model kernel by kernel on a tfjs backend.
 *
 * @param backend has been started before. @default the active one
 */
export function createEagerRunner(
  model: Maf,
  backend = tf.getBackend(),
  { gates = false }: RunnerOutputs = {},
): ModelRunner {
  /** Applies the model on its own backend, whichever another model of this process has made the active one. */
  const apply = ({ labels: _, ...batch }: Parameters<ModelRunner['infer']>[0]): Record<string, tf.Tensor> => {
    const active = tf.getBackend()
    if (active !== backend) tf.setBackend(backend)
    try {
      return tf.tidy(() => {
        const { emissions, matching, fusion } = model.apply(tensorsOf(batch)) as MafOutputs
        return {
          emissions,
          ...(matching && { match: matching.probability }),
          ...(gates && fusion && hasGate(model.config) && { gate: fusion.gate }),
        }
      })
    } finally {
      if (active !== backend) tf.setBackend(active)
    }
  }
  return createModelRunner({
    async infer(batch) {
      const outputs = apply(batch)
      try {
        const named = Object.entries(outputs).map(async ([name, output]) => {
          const data = await output.data<'float32'>()
          return [name, { data, shape: output.shape }] as const
        })
        const { emissions, match, gate } = Object.fromEntries(await Promise.all(named))
        return { emissions: emissions!, ...(match && { match: match.data }), ...(gate && { gate }) }
      } finally {
        tf.dispose(outputs)
      }
    },
    dispose: async () => {},
  })
}
