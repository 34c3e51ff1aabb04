import { type Given, withoutDimension } from '@mafjs/compile'
import type { Task, TaskAxes } from '../task'
import { createAxisFinder } from './find-axes'

/** Which axes of a training's arrays may have any length. */
export interface TrainingAxes<Inputs> {
  /** @param rows how many the arrays are of: that many have programs of their own, since most losses compute with it */
  of(arrays: Given<Inputs>, rows: number): TaskAxes
}

/**
 * The axes that the task tells, or else what batches of one row each, repeated, show: the longest row, the shortest and one
 * between. They depend on the rows alone, so that who goes on with a run has the same programs.
 *
 * @param sizes the numbers of rows that will be trained on together
 */
export async function findTrainingAxes<Row, Inputs extends object>(
  task: Pick<Task<Row, Inputs, never, never>, 'collate' | 'length' | 'axes'>,
  rows: readonly Row[],
  sizes: Iterable<number>,
): Promise<TrainingAxes<Inputs>> {
  if (task.axes) return { of: arrays => withoutDimension(task.axes!(arrays), 'batch') }
  const order = task.length ? [...rows].sort((a, b) => task.length!(a) - task.length!(b)) : rows
  const probes = [order.at(-1)!, order[0]!, order[Math.floor(order.length / 2)]!]
  const finders = new Map<number, ReturnType<typeof createAxisFinder>>()
  for (const size of sizes) {
    if (finders.has(size)) continue
    const finder = createAxisFinder()
    finders.set(size, finder)
    for (const row of probes) {
      finder.observe(await task.collate(new Array<Row>(size).fill(row), { seed: 0, step: 0 }), size)
    }
  }
  return { of: (arrays, count) => finders.get(count)!.observe(arrays, count) }
}
