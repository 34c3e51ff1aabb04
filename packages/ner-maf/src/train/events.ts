import type { EvaluationReport } from '@mafjs/evaluate'

/** The loss parts of one step as numbers. */
export interface LossValues {
  total: number
  tagging: number
  matching: number
  alignment: number
}

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
  /** Posts trained on so far in this run per second. */
  postsPerSecond: number
  /** Estimate from the speed so far. */
  secondsLeft: number
}

/** After every epoch. */
export interface EpochEvent {
  type: 'epoch'
  epoch: number
  epochs: number
  /** Mean losses over the epoch's steps. */
  losses: LossValues
  /** Scores on the validation split, where there is one. */
  validation?: EvaluationReport
  /** Whether this epoch is the best so far and was kept. */
  best: boolean
  seconds: number
}

/** What a run reports as it goes. */
export type TrainingEvent = StepEvent | EpochEvent
