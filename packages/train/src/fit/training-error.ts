import type { LossValues } from '@mafjs/compile'

/** Where a run broke. */
export interface TrainingFailure {
  /** What is not finite: the step's loss, its gradients, or the loss after its update. */
  what: 'loss' | 'gradients' | 'loss after the update'
  epoch: number
  /** Counted from 1 over the whole run, as in the step events. */
  step: number
  losses: LossValues
  learningRate: number
  /** The epoch whose weights the model holds again; 0 = those the run began with. */
  kept: number
}

/** A run that cannot go on: a loss or a gradient is not a finite number. */
export class TrainingError extends Error {
  override name = 'TrainingError'
  /** The epoch whose weights were kept; 0 = those the run began with. */
  readonly kept: number
  constructor({ what, epoch, step, losses, learningRate, kept }: TrainingFailure) {
    const shown = Object.entries(losses).map(([part, value]) => `${part} ${value}`)
    super(
      `The ${what} must be finite, epoch ${epoch}, step ${step}. Received: ${shown.join(', ')}. ` +
        `Training stopped; the weights of ${kept > 0 ? `epoch ${kept}` : 'the start'} are kept. ` +
        `Try a lower learning rate (now ${learningRate}) or stronger clipping.`,
    )
    this.kept = kept
  }
}
