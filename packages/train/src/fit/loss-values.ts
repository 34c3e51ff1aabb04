import type { LossValues } from '@mafjs/compile'

/** Losses part by part: of each, what `combine` makes of its values. */
function byPart(all: readonly LossValues[], combine: (values: readonly number[]) => number): LossValues {
  const names = [...new Set(all.flatMap(Object.keys))]
  return Object.fromEntries(
    names.map(name => [name, combine(all.map(losses => losses[name]!))]),
  ) as LossValues
}

const sum = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)

/** The mean of the losses of some steps. */
export const meanLosses = (steps: readonly LossValues[]): LossValues =>
  byPart(steps, values => sum(values) / steps.length)

/** The losses of a batch from those of its parts. */
export const weightedLosses = (parts: readonly { losses: LossValues; weight: number }[]): LossValues =>
  byPart(
    parts.map(({ losses }) => losses),
    values => sum(values.map((value, i) => parts[i]!.weight * value)),
  )

/** Whether every part is a finite number. */
export const areFinite = (losses: LossValues): boolean => Object.values(losses).every(Number.isFinite)
