import { createFlatOptimizer, type FlatOptimizer, type OptimizerOptions } from './flat-optimizer'
import type { ParameterStore } from './parameter-store'

/** Adam with bias correction and decoupled weight decay (Loshchilov and Hutter 2019). @default epsilon 1e-8 */
export function createAdamW(store: ParameterStore, options: OptimizerOptions): FlatOptimizer {
  return createFlatOptimizer(store, { ...options, epsilon: options.epsilon ?? 1e-8, biasCorrection: true })
}
