import { createParameterStore, type FlatOptimizer, type ParameterStore } from '@mafjs/compile'
import type { Parameters } from '@mafjs/tensor'
import type { Tensor } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'

/** What one update did. */
export interface UpdateReport {
  learningRate: number
  /** Global norm of the gradients before clipping; where it is not finite, nothing was updated. */
  gradientNorm: number
  /** Parameters whose gradient is not all zeros. */
  reached: string[]
}

/** Updates variables from gradients that tfjs computed. */
export interface Optimizer {
  /**
   * Applies one update; a parameter without a gradient stays as it is, and all do where a gradient is not finite: the
   * caller decides what that means.
   */
  update(gradients: Record<string, Tensor>): Promise<UpdateReport>
}

/**
 * Runs a flat optimiser for variables on a tfjs backend: gradients are read into its store, and updated values assigned.
 * The store has the values from now on: what others assign to a trainable variable is overwritten by the next update.
 *
 * @param create makes the optimiser over a store of the trainable variables
 */
export async function createEagerOptimizer(
  parameters: Parameters,
  create: (store: ParameterStore) => FlatOptimizer,
): Promise<Optimizer> {
  const trainable = Object.entries(parameters).filter(([, { trainable }]) => trainable)
  const store = createParameterStore(trainable.map(([name, { shape }]) => ({ name, shape })))
  for (const [name, variable] of trainable) store.get(name).values.set(await variable.data<'float32'>())
  const optimizer = create(store)
  const present = new Uint8Array(trainable.length)
  return {
    async update(gradients) {
      for (const { name, index, gradients: own } of store.parameters) {
        present[index] = gradients[name] ? 1 : 0
        if (gradients[name]) own.set(await gradients[name].data<'float32'>())
      }
      const { applied, learningRate, gradientNorm, reached } = optimizer.update(present)
      for (const { name, index, shape, values } of store.parameters) {
        if (!applied || !present[index]) continue
        // A copy: some backends keep the very memory that they are given.
        const updated = tf.tensor(values.slice(), [...shape])
        parameters[name]!.assign(updated)
        updated.dispose()
      }
      const names = store.parameters.filter(({ index }) => reached[index]).map(({ name }) => name)
      return { learningRate, gradientNorm, reached: names }
    },
  }
}
