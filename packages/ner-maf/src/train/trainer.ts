import type { HostArray, RunKey, TrainingState } from '@mafjs/compile'
import type { BatchArrays } from '../model/batch-arrays'
import type { LossValues } from './events'

/** Who of a batch is given whose picture, as `MafExchanges` in arrays. */
export interface ExchangeArrays {
  partners: HostArray<Int32Array>
  labels: HostArray<Float32Array>
  again?: Record<'rows' | 'pictures' | 'places', HostArray<Int32Array>>
}

/** One batch to train on: the names and shapes are those of `MafInputs`. */
export interface TrainingBatch extends BatchArrays {
  exchanges?: ExchangeArrays
}

/** What one step did. */
export interface StepReport {
  /** Before the update. */
  losses: LossValues
  learningRate: number
  /** Global norm of the gradients before clipping; where it or a loss is not finite, nothing was updated. */
  gradientNorm: number
  /** Parameters whose gradient is not all zeros. */
  reached: string[]
}

/** Trains a model's parameters batch by batch, which it may hold elsewhere than in the model's variables. */
export interface Trainer {
  /**
   * Computes losses and gradients of one batch, and updates the parameters where all are finite.
   *
   * @param weight the share of the batch in all that was accumulated with it. @default 1
   */
  step(batch: TrainingBatch, run: RunKey, weight?: number): Promise<StepReport>
  /** Computes losses and gradients of a part of a batch; the gradients, times a weight, wait for the next step. */
  accumulate(batch: TrainingBatch, run: RunKey, weight: number): Promise<LossValues>
  /** The losses of a batch as the parameters are now, with the dropout of a step. */
  losses(batch: TrainingBatch, run: RunKey): Promise<LossValues>
  /** Gives the model's variables the values that the steps have left. */
  synchronize(): Promise<void>
  /** What is needed to go on from here: copies. */
  state(): Promise<TrainingState>
  /** Goes on from a state; the model's variables get its values. */
  restore(state: TrainingState): Promise<void>
  /** Synchronises and frees everything but the model, after the calls under way; later ones are refused. */
  dispose(): Promise<void>
}
