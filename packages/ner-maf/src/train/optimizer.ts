import type { Parameters } from '@mafjs/tensor'
import type { Tensor } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import type { Clipping } from './clipping'
import type { Schedule } from './schedules'

/** What one update did. */
export interface UpdateReport {
  learningRate: number
  /** Global norm of the gradients before clipping; where it is not finite, nothing was updated. */
  gradientNorm: number
  /** Parameters whose gradient is not all zeros. */
  reached: string[]
}

/** Updates parameters from gradients; both Adam variants have this shape. */
export interface Optimizer {
  /**
   * Applies one update; a parameter without a gradient stays as it is, and all do where a gradient is not finite: the
   * caller decides what that means.
   */
  update(gradients: Record<string, Tensor>): Promise<UpdateReport>
}

/** What an update rule is given for one parameter; it changes `values` and both moments in place. */
export interface RuleInputs {
  values: Float32Array
  gradient: Float32Array
  firstMoment: Float32Array
  secondMoment: Float32Array
  learningRate: number
  weightDecay: number
  /** Updates done before this one. */
  step: number
}

/** What both optimisers take. */
export interface OptimizerOptions {
  learningRate: number
  schedule: Schedule
  clipping: Clipping
  /** @default 0.01 */
  weightDecay?: number
  /** @default 0.9 */
  beta1?: number
  /** @default 0.999 */
  beta2?: number
  epsilon?: number
}

/** Biases and layer norms are not decayed; everything else is, CRF transitions included. */
export const isDecayed = (name: string): boolean => !/bias|LayerNorm/.test(name)

/** The loop around an update rule: read, clip, update, write back, one parameter after another. */
export function createOptimizer(
  parameters: Parameters,
  rule: (inputs: RuleInputs) => void,
  { learningRate, schedule, clipping, weightDecay = 0.01 }: OptimizerOptions,
): Optimizer {
  const moments = new Map<string, [Float32Array, Float32Array]>()
  let step = 0
  return {
    async update(gradients) {
      const names = Object.keys(parameters).filter(name => gradients[name])
      const values = await Promise.all(
        // A copy: some backends hand out the very memory that saved tensors still refer to.
        names.map(async name => (await gradients[name]!.data<'float32'>()).slice()),
      )
      const gradientNorm = clipping(values)
      const rate = learningRate * schedule(step)
      if (!Number.isFinite(gradientNorm)) return { learningRate: rate, gradientNorm, reached: [] }
      const reached = names.filter((_, i) => values[i]!.some(value => value !== 0))
      for (const [i, name] of names.entries()) {
        const variable = parameters[name]!
        const current = (await variable.data<'float32'>()).slice()
        if (!moments.has(name)) {
          moments.set(name, [new Float32Array(current.length), new Float32Array(current.length)])
        }
        const [firstMoment, secondMoment] = moments.get(name)!
        rule({
          values: current,
          gradient: values[i]!,
          firstMoment,
          secondMoment,
          learningRate: rate,
          weightDecay: isDecayed(name) ? weightDecay : 0,
          step,
        })
        const updated = tf.tensor(current, variable.shape)
        variable.assign(updated)
        updated.dispose()
      }
      step += 1
      return { learningRate: rate, gradientNorm, reached }
    },
  }
}
