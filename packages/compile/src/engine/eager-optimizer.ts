import type { Parameters } from '@mafjs/tensor'
import type { Tensor } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import type { TrainingReport, TrainingState } from '../training/compile-training'
import type { FlatOptimizer } from '../training/flat-optimizer'
import { createGradientSums } from '../training/gradient-sums'
import { createParameterStore, type ParameterStore } from '../training/parameter-store'

/** What one update did. */
export type UpdateReport = Omit<TrainingReport, 'losses'>

/** Updates variables from gradients that tfjs computed. */
export interface Optimizer {
  /**
   * Applies one update; a parameter without a gradient stays as it is, and all do where a gradient is not finite: the
   * caller decides what that means.
   *
   * @param weight what the gradients are multiplied by. @default 1
   */
  update(gradients: Record<string, Tensor>, weight?: number): Promise<UpdateReport>
  /** Keeps gradients, times a weight, for the next update. */
  accumulate(gradients: Record<string, Tensor>, weight: number): Promise<void>
  /** What the next update depends on, in copies. */
  state(): TrainingState
  /** Goes on from a state; the variables get its values. */
  restore(state: TrainingState): void
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
  const sums = createGradientSums(store)

  const accumulate = async (gradients: Record<string, Tensor>, weight: number): Promise<void> => {
    const given = store.parameters.filter(({ name }) => gradients[name])
    for (const { name, gradients: own } of given) own.set(await gradients[name]!.data<'float32'>())
    sums.add(
      given.map(({ name }) => name),
      weight,
    )
  }

  const assign = (isUpdated: (index: number) => boolean): void => {
    for (const { name, index, shape, values } of store.parameters) {
      if (!isUpdated(index)) continue
      // A copy: some backends keep the very memory that they are given.
      const updated = tf.tensor(values.slice(), [...shape])
      parameters[name]!.assign(updated)
      updated.dispose()
    }
  }

  return {
    accumulate,
    async update(gradients, weight = 1) {
      await accumulate(gradients, weight)
      const present = sums.take()!
      const { applied, learningRate, gradientNorm, reached } = optimizer.update(present)
      assign(index => applied && present[index] === 1)
      const names = store.parameters.filter(({ index }) => reached[index]).map(({ name }) => name)
      return { applied, learningRate, gradientNorm, reached: names }
    },
    state() {
      const { step, firstMoments, secondMoments } = optimizer.state
      const entries = store.parameters.map(({ name, offset, size, values }) => [
        name,
        {
          values: values.slice(),
          firstMoments: firstMoments.slice(offset, offset + size),
          secondMoments: secondMoments.slice(offset, offset + size),
        },
      ])
      return { step, parameters: Object.fromEntries(entries) }
    },
    restore({ step, parameters: restored }) {
      optimizer.state.step = step
      sums.clear()
      for (const { name, offset, values } of store.parameters) {
        const state = restored[name]!
        values.set(state.values)
        optimizer.state.firstMoments.set(state.firstMoments, offset)
        optimizer.state.secondMoments.set(state.secondMoments, offset)
      }
      assign(() => true)
    },
  }
}
