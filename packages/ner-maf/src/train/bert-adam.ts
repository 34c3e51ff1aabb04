import type { Parameters } from '@mafjs/tensor'
import { createOptimizer, type Optimizer, type OptimizerOptions } from './optimizer'

/**
 * The optimiser of the published code: Adam WITHOUT bias correction and with decoupled weight decay; its early steps
 * are larger than AdamW's. Kept for the `reference` preset. @default epsilon 1e-6
 */
export function createBertAdam(parameters: Parameters, options: OptimizerOptions): Optimizer {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-6 } = options
  return createOptimizer(
    parameters,
    ({ values, gradient, firstMoment, secondMoment, learningRate, weightDecay }) => {
      for (let i = 0; i < values.length; i++) {
        const g = gradient[i]!
        const m = beta1 * firstMoment[i]! + (1 - beta1) * g
        const v = beta2 * secondMoment[i]! + (1 - beta2) * g * g
        firstMoment[i] = m
        secondMoment[i] = v
        const direction = m / (Math.sqrt(v) + epsilon) + weightDecay * values[i]!
        values[i] = values[i]! - learningRate * direction
      }
    },
    options,
  )
}
