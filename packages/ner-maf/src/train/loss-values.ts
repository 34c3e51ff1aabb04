import type { LossValues } from './events'

/** The mean of the losses of some steps. */
export function meanLosses(steps: readonly LossValues[]): LossValues {
  const mean = (part: keyof LossValues): number =>
    steps.reduce((sum, losses) => sum + losses[part], 0) / steps.length
  return {
    total: mean('total'),
    tagging: mean('tagging'),
    matching: mean('matching'),
    alignment: mean('alignment'),
  }
}

/** Whether every part is a finite number. */
export const areFinite = (losses: LossValues): boolean => Object.values(losses).every(Number.isFinite)
