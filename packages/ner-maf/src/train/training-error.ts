import type { LossValues } from './events'

/** A run that cannot go on: a loss is not a number. */
export class TrainingError extends Error {
  override name = 'TrainingError'
  /** The epoch whose weights were kept; 0 = those the run began with. */
  readonly kept: number
  constructor({
    epoch,
    step,
    losses,
    learningRate,
    kept,
  }: { epoch: number; step: number; losses: LossValues; learningRate: number; kept: number }) {
    const shown = Object.entries(losses).map(([part, value]) => `${part} ${value}`)
    super(
      `The loss is not a finite number in epoch ${epoch}, step ${step}. Received: ${shown.join(', ')}. ` +
        `Training stopped; the weights of ${kept > 0 ? `epoch ${kept}` : 'the start'} are kept. ` +
        `Try a lower learning rate (now ${learningRate}) or stronger clipping.`,
    )
    this.kept = kept
  }
}
