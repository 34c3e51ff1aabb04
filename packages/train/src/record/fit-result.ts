import type { LossValues } from '@mafjs/compile'
import type { CompleteSettings } from '../settings/settings'

/** What a training ends with; the model holds the weights of the best epoch. */
export interface FitResult<Report> {
  bestEpoch: number
  /** The best epoch's scores of the validation rows. */
  validation?: Report | undefined
  test?: Report | undefined
  /** Mean losses of every epoch. */
  history: LossValues[]
  /** Parameters that no step gave a gradient. */
  withoutGradient: string[]
  /** The last epoch that was trained: fewer than there were to be where patience ended the run. */
  lastEpoch: number
  settings: CompleteSettings
}
