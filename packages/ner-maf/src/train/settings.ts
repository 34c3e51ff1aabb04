import { InvalidArgumentError } from '@mafjs/tensor'

/** The knobs of a run; the defaults are the paper's. */
export interface TrainingSettings {
  /** Passes over the training split. @default 24, as the paper has it for Twitter-2015 */
  epochs?: number
  /** Posts per step. @default 64 */
  batchSize?: number
  /** Highest learning rate, reached after the warm-up. @default 5e-5 */
  learningRate?: number
  /** Share of the steps in which the learning rate rises. @default 0.1 */
  warmup?: number
  /** Decoupled weight decay; biases and layer norms have none. @default 0.01 */
  weightDecay?: number
  /** Largest norm of the gradients. @default 1 */
  clip?: number
  /** Seed of the data order, the exchanges and the dropout. @default 37 */
  seed?: number
  /**
   * `adamw`: AdamW, a linear schedule floored at 0, clipping by the global norm; `published`: what the published code
   * does (no bias correction, its own schedule, clipping per tensor).
   * @default 'adamw'
   */
  optimizer?: 'adamw' | 'published'
}

/** Every setting of a run. */
export type CompleteSettings = Required<TrainingSettings>

const isCount = (value: number): boolean => Number.isInteger(value) && value > 0
const isPositive = (value: number): boolean => Number.isFinite(value) && value > 0

/** What each setting must be. */
const RULES: { [Name in keyof CompleteSettings]: [(value: never) => boolean, string] } = {
  epochs: [isCount, 'must be a positive whole number'],
  batchSize: [isCount, 'must be a positive whole number'],
  learningRate: [isPositive, 'must be a positive finite number'],
  warmup: [(share: number) => share >= 0 && share <= 1, 'must be in [0, 1]'],
  weightDecay: [(rate: number) => Number.isFinite(rate) && rate >= 0, 'must be a finite number, 0 or more'],
  clip: [isPositive, 'must be a positive finite number'],
  seed: [(seed: number) => Number.isSafeInteger(seed) && seed >= 0, 'must be a whole number, 0 or more'],
  optimizer: [(name: string) => name === 'adamw' || name === 'published', "must be 'adamw' or 'published'"],
}

/**
 * Every setting with its default filled in.
 *
 * @throws InvalidArgumentError naming the setting that is out of range.
 */
export function completeSettings({
  epochs = 24,
  batchSize = 64,
  learningRate = 5e-5,
  warmup = 0.1,
  weightDecay = 0.01,
  clip = 1,
  seed = 37,
  optimizer = 'adamw',
}: TrainingSettings = {}): CompleteSettings {
  const complete = { epochs, batchSize, learningRate, warmup, weightDecay, clip, seed, optimizer }
  for (const [name, [holds, rule]] of Object.entries(RULES)) {
    const value = complete[name as keyof CompleteSettings]
    if (!holds(value as never)) {
      throw new InvalidArgumentError({ argument: name, rule, received: String(value) })
    }
  }
  return complete
}
