import type { Given, LossValues, RunKey, TrainingReport } from '@mafjs/compile'
import type { Training } from '@mafjs/compile/engine'
import type { TaskAxes } from '../task'
import { areFinite, weightedLosses } from './loss-values'
import type { TrainingFailure } from './training-error'

/** What one step is taken with. */
export interface StepOptions<Row, Inputs> {
  training: Training<Inputs>
  /** The arrays of some rows at a step. */
  collate(rows: readonly Row[], run: RunKey): Given<Inputs> | Promise<Given<Inputs>>
  /** Which axes of the arrays of some rows may have any length. @default none */
  axesOf?: ((arrays: Given<Inputs>, rows: number) => TaskAxes) | undefined
  /** The batch. */
  rows: readonly Row[]
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
export function partsOf<Row>(rows: readonly Row[], parts: number): Row[][] {
  const size = Math.ceil(rows.length / parts)
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, i) => rows.slice(i * size, (i + 1) * size))
}

/** Takes one step: the gradients of a batch, part by part, and the update. */
export async function takeStep<Row, Inputs>({
  training,
  collate,
  axesOf,
  rows,
  accumulate,
  seed,
  step,
  isLast,
  fail,
}: StepOptions<Row, Inputs>): Promise<TrainingReport> {
  const assertFinite = (what: TrainingFailure['what'], losses: LossValues): void => {
    if (!areFinite(losses)) fail({ what, losses })
  }
  // Every part draws a dropout, and whatever else is drawn, of its own.
  const make = async (part: readonly Row[], i: number) => {
    const run = { seed, step: step * accumulate + i }
    const arrays = await collate(part, run)
    return {
      arrays,
      run,
      options: { weight: part.length / rows.length, dynamic: axesOf?.(arrays, part.length) },
    }
  }
  const parts = partsOf(rows, accumulate)
  const last = parts.length - 1
  const done: { losses: LossValues; weight: number }[] = []
  for (const [i, part] of parts.slice(0, last).entries()) {
    const { arrays, run, options } = await make(part, i)
    const losses = await training.accumulate(arrays, run, options)
    assertFinite('loss', losses)
    done.push({ losses, weight: options.weight })
  }
  const { arrays, run, options } = await make(parts[last]!, last)
  const report = await training.step(arrays, run, options)
  const { losses, gradientNorm } = report
  assertFinite('loss', losses)
  if (!Number.isFinite(gradientNorm)) fail({ what: 'gradients', losses })
  if (isLast) assertFinite('loss after the update', await training.losses(arrays, run, options))
  return { ...report, losses: weightedLosses([...done, { losses, weight: options.weight }]) }
}
