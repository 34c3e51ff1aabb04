import {
  clipByGlobalNorm,
  clipPerTensor,
  constantSchedule,
  createAdamW,
  createBertAdam,
  type FlatOptimizer,
  type ParameterStore,
} from '@mafjs/compile'
import type { MafConfig } from '@mafjs/ner-maf'

const LEARNING_RATE = 5e-5

/** The optimiser that goes with a model: the published one for the published model, else AdamW. */
export function optimizerOf(store: ParameterStore, { steps }: Pick<MafConfig, 'steps'>): FlatOptimizer {
  const shared = { learningRate: LEARNING_RATE, schedule: constantSchedule() }
  return steps === 'pieces'
    ? createBertAdam(store, { ...shared, clipping: clipPerTensor() })
    : createAdamW(store, { ...shared, clipping: clipByGlobalNorm() })
}
