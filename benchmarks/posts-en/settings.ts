import type { TrainingSettings } from '@mafjs/train'

/** What is not chosen: batch, warm-up and patience as usual for such encoders, the rates of the heads as those of `../baseline`. */
export const SETTINGS = {
  batchSize: 32,
  warmup: 0.1,
  patience: 2,
  seed: 37,
  groups: [
    { parameters: 'crf', learningRate: 0.005 },
    { parameters: 'heads', learningRate: 0.001 },
  ],
} as const satisfies TrainingSettings

/** What the loss makes of a type that a set does not label: O is O or that type, O is O, or the model does without the type. */
export type Missing = 'open' | 'none' | 'left out'

/** What validation chooses of. */
export interface Choice {
  missing: Missing
  shapes: boolean
  learningRate: number
}

/** Where it begins. */
export const FIRST: Choice = { missing: 'open', shapes: false, learningRate: 1e-4 }

/** What is tried, one thing after the other, each beside the best so far. */
export const TRIALS: readonly Partial<Choice>[] = [
  { missing: 'none' },
  { shapes: true },
  { learningRate: 2e-4 },
  { missing: 'left out' },
]

/** By how much F1 of PER, LOC and ORG must rise for the model to do without MISC. */
export const WORTH_A_TYPE = 0.01
