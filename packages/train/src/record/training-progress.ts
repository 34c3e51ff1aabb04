import type { LossValues, TrainingState } from '@mafjs/compile'
import type { Snapshot } from '../snapshot'

/** How far a run is, in plain JSON: what it needs to go on, beside numbers by the million. */
export interface TrainingProgress<Report = unknown> {
  /** The epoch that the next step belongs to, counted from 1; one more than there are where all are done. */
  epoch: number
  /** Steps done in that epoch. */
  stepInEpoch: number
  /** Steps done in the whole run. */
  step: number
  /** Losses of the steps done in that epoch. */
  losses: LossValues[]
  /** Mean losses of every epoch that is done. */
  history: LossValues[]
  /** The best epoch so far, 0 for none, and its scores of the validation rows. */
  best: { epoch: number; validation?: Report | undefined }
  /** Parameters that a gradient has reached. */
  reached: string[]
}

/** Where a run begins. */
export const startOfRun = <Report>(): TrainingProgress<Report> => ({
  epoch: 1,
  stepInEpoch: 0,
  step: 0,
  losses: [],
  history: [],
  best: { epoch: 0 },
  reached: [],
})

/** A run at one moment: with it another process goes on as if nothing had happened. */
export interface TrainingCheckpoint<Report = unknown> {
  progress: TrainingProgress<Report>
  /** Every parameter of the model, trained or not. */
  weights: Snapshot
  /** The parameters that are trained, with what the optimiser remembers of them. */
  optimizer: TrainingState
}

/** A checkpoint to go on from, and the weights of the best epoch before it. */
export interface ResumedTraining<Report = unknown> extends TrainingCheckpoint<Report> {
  /** Left out where no epoch was the best yet. */
  best?: Snapshot | undefined
}
