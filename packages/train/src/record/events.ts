import type { LossValues } from '@mafjs/compile'

/** After every step. */
export interface StepEvent {
  type: 'step'
  epoch: number
  epochs: number
  /** Steps done so far, of `steps` in the whole run. */
  step: number
  steps: number
  losses: LossValues
  learningRate: number
  gradientNorm: number
  /** Rows trained on so far in this run per second. */
  rowsPerSecond: number
  /** Estimate from the speed so far. */
  secondsLeft: number
}

/** After every epoch. */
export interface EpochEvent<Report = unknown> {
  type: 'epoch'
  epoch: number
  epochs: number
  /** Mean losses over the epoch's steps. */
  losses: LossValues
  /** Scores of the validation rows, where there are some. */
  validation?: Report | undefined
  /** Whether this epoch is the best so far and was kept. */
  best: boolean
  seconds: number
}

/** What a run reports as it goes. */
export type TrainingEvent<Report = unknown> = StepEvent | EpochEvent<Report>
