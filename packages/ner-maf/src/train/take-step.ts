import type { LossValues } from './events'
import { areFinite } from './loss-values'
import type { StepReport, Trainer } from './trainer'
import type { TrainingBatches } from './training-batches'
import type { TrainingFailure } from './training-error'

/** What one step is taken with. */
export interface StepOptions {
  trainer: Trainer
  batches: TrainingBatches
  /** The places of the batch's posts. */
  places: readonly number[]
  /** Parts that the batch is computed in. */
  accumulate: number
  seed: number
  /** Counted from 0 over the whole run. */
  step: number
  /** Whether the losses after the update must be finite too, for the weights may be kept. */
  isLast: boolean
  /** Ends the run. */
  fail(failure: Pick<TrainingFailure, 'what' | 'losses'>): never
}

/** The parts of a batch, of like size. */
function partsOf(places: readonly number[], parts: number): number[][] {
  const size = Math.ceil(places.length / parts)
  return Array.from({ length: Math.ceil(places.length / size) }, (_, i) =>
    places.slice(i * size, (i + 1) * size),
  )
}

/** The losses of a batch from those of its parts. */
function weightedLosses(parts: readonly { losses: LossValues; weight: number }[]): LossValues {
  const sum = (name: keyof LossValues): number =>
    parts.reduce((sum, { losses, weight }) => sum + weight * losses[name], 0)
  return {
    total: sum('total'),
    tagging: sum('tagging'),
    matching: sum('matching'),
    alignment: sum('alignment'),
  }
}

/** Takes one step: the gradients of a batch, part by part, and the update. */
export async function takeStep({
  trainer,
  batches,
  places,
  accumulate,
  seed,
  step,
  isLast,
  fail,
}: StepOptions): Promise<StepReport> {
  const assertFinite = (what: TrainingFailure['what'], losses: LossValues): void => {
    if (!areFinite(losses)) fail({ what, losses })
  }
  // Every part draws a dropout and exchanges of its own.
  const make = async (part: readonly number[], i: number) => {
    const run = { seed, step: step * accumulate + i }
    return { batch: await batches.make(part, run.step), run, weight: part.length / places.length }
  }
  const parts = partsOf(places, accumulate)
  const last = parts.length - 1
  const done: { losses: LossValues; weight: number }[] = []
  for (const [i, part] of parts.slice(0, last).entries()) {
    const { batch, run, weight } = await make(part, i)
    const losses = await trainer.accumulate(batch, run, weight)
    assertFinite('loss', losses)
    done.push({ losses, weight })
  }
  const { batch, run, weight } = await make(parts[last]!, last)
  const report = await trainer.step(batch, run, weight)
  const { losses, gradientNorm } = report
  assertFinite('loss', losses)
  if (!Number.isFinite(gradientNorm)) fail({ what: 'gradients', losses })
  if (isLast) assertFinite('loss after the update', await trainer.losses(batch, run))
  return { ...report, losses: weightedLosses([...done, { losses, weight }]) }
}
