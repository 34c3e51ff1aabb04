import { type Parameters, valueAndGradients } from '@mafjs/tensor'
import { withLifetime } from '@mafjs/tensor/lifetime'
import * as tf from '@tensorflow/tfjs-core'
import type { Losses, LossFunction } from '../trace/record-gradients'
import type { Given } from '../trace/tree'
import {
  type CompiledTraining,
  type CompileTrainingOptions,
  compileTraining,
  type LossValues,
} from '../training/compile-training'
import { createOptimizer, type OptimizerSpec } from '../training/optimizer-spec'
import type { RunKey } from '../training/training-engine'
import { createEagerOptimizer } from './eager-optimizer'
import { givenTensors } from './given-tensors'
import type { Engine } from './use-engine'

/** The training of parameters by a loss, whichever engine computes it. */
export type Training<Inputs> = CompiledTraining<Inputs>

/**
 * Trains parameters by a loss on an engine that `useEngine` has started: compiled for ONNX Runtime, or kernel by kernel on a
 * tfjs backend.
 */
export function createTraining<Inputs extends object>(
  engine: Engine,
  loss: LossFunction<Inputs>,
  parameters: Parameters,
  { optimizer, onNote }: Pick<CompileTrainingOptions, 'optimizer' | 'onNote'>,
): Promise<Training<Inputs>> {
  return engine.name === 'onnx'
    ? compileTraining(loss, parameters, { ...engine.session, optimizer, onNote })
    : eagerTraining(engine.backend, loss, parameters, optimizer)
}

const areFinite = (losses: LossValues): boolean => Object.values(losses).every(Number.isFinite)

/** The parts of a loss as tensors that outlive a tape. */
function kept(losses: Losses): Record<string, tf.Tensor> {
  const parts: Record<string, tf.Tensor> = losses instanceof tf.Tensor ? { total: losses } : losses
  return Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, tf.keep(tf.clone(part))]))
}

async function numbersOf(parts: Record<string, tf.Tensor>): Promise<LossValues> {
  const read = Object.entries(parts).map(async ([name, part]) => [name, (await part.data())[0]!] as const)
  return Object.fromEntries(await Promise.all(read)) as LossValues
}

async function eagerTraining<Inputs extends object>(
  backend: string,
  loss: LossFunction<Inputs>,
  parameters: Parameters,
  spec: OptimizerSpec,
): Promise<Training<Inputs>> {
  const optimizer = await createEagerOptimizer(parameters, store => createOptimizer(store, spec))

  /** Losses, and gradients where they are wanted, of one batch; whoever uses the gradients leaves them to be freed here. */
  const compute = async <T>(
    given: Inputs | Given<Inputs>,
    run: RunKey,
    use: (losses: LossValues, gradients: Record<string, tf.Tensor>) => Promise<T> | T,
    { withGradients = true } = {},
  ): Promise<T> => {
    // Between two steps another model of this process may have made its own backend the active one.
    if (tf.getBackend() !== backend) tf.setBackend(backend)
    const { inputs, made } = givenTensors(given)
    const options = { training: true, ...run }
    let parts: Record<string, tf.Tensor> = {}
    let gradients: Record<string, tf.Tensor> = {}
    try {
      if (withGradients) {
        const differentiated = valueAndGradients(() => {
          // What is not the value itself would go with the tape.
          const losses = loss(inputs, options)
          parts = kept(losses)
          return losses instanceof tf.Tensor ? losses : losses.total
        }, parameters)
        differentiated.value.dispose()
        gradients = differentiated.gradients
      } else {
        tf.tidy(() => {
          parts = kept(loss(inputs, options))
        })
      }
      return await use(await numbersOf(parts), gradients)
    } finally {
      tf.dispose([made, Object.values(parts), Object.values(gradients)])
    }
  }

  return withLifetime<Training<Inputs>>(
    {
      step: (given, run, { weight = 1 } = {}) =>
        compute(given, run, async (losses, gradients) => {
          const nothing = { applied: false, learningRate: 0, gradientNorm: Number.NaN, reached: [] }
          if (!areFinite(losses)) return { losses, ...nothing }
          return { losses, ...(await optimizer.update(gradients, weight)) }
        }),
      accumulate: (given, run, { weight = 1 } = {}) =>
        compute(given, run, async (losses, gradients) => {
          await optimizer.accumulate(gradients, weight)
          return losses
        }),
      losses: (given, run) => compute(given, run, losses => losses, { withGradients: false }),
      synchronize: async () => {},
      state: async () => optimizer.state(),
      restore: async state => optimizer.restore(state),
      dispose: async () => {},
    },
    { of: 'training', again: 'Create it again' },
  )
}
