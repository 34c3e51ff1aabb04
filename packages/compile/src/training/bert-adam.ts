import { createFlatOptimizer, type FlatOptimizer, type OptimizerOptions } from './flat-optimizer'
import type { ParameterStore } from './parameter-store'

/**
 * The optimiser of the published code: Adam WITHOUT bias correction and with decoupled weight decay; its early steps
 * are larger than AdamW's. Kept for the `reference` preset. @default epsilon 1e-6
 */
export function createBertAdam(store: ParameterStore, options: OptimizerOptions): FlatOptimizer {
  return createFlatOptimizer(store, { ...options, epsilon: options.epsilon ?? 1e-6, biasCorrection: false })
}
