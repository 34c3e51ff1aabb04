import type { Parameters } from '@mafjs/tensor'
import { createOptimizer, type Optimizer, type OptimizerOptions } from './optimizer'

/** Adam with bias correction and decoupled weight decay (Loshchilov and Hutter 2019). @default epsilon 1e-8 */
export function createAdamW(parameters: Parameters, options: OptimizerOptions): Optimizer {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options
  return createOptimizer(
    parameters,
    ({ values, gradient, firstMoment, secondMoment, learningRate, weightDecay, step }) => {
      const correction1 = 1 - beta1 ** (step + 1)
      const correction2 = Math.sqrt(1 - beta2 ** (step + 1))
      for (let i = 0; i < values.length; i++) {
        const g = gradient[i]!
        const m = beta1 * firstMoment[i]! + (1 - beta1) * g
        const v = beta2 * secondMoment[i]! + (1 - beta2) * g * g
        firstMoment[i] = m
        secondMoment[i] = v
        const direction = m / correction1 / (Math.sqrt(v) / correction2 + epsilon)
        values[i] = values[i]! - learningRate * (direction + weightDecay * values[i]!)
      }
    },
    options,
  )
}
