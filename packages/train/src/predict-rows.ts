import type { Given } from '@mafjs/compile'
import type { Program } from '@mafjs/compile/engine'
import { batchOrder } from './batches/batch-order'
import type { Task, TaskAxes } from './task'

/** What may be said of every prediction. */
export interface BatchOptions {
  /** Rows that are computed together. @default 16 */
  batchSize?: number | undefined
  /** Ends the work between two batches, with its reason. */
  signal?: AbortSignal | undefined
}

/** What prediction asks of a task; its outputs, where no program computes them. */
export type PredictingTask<Row, Inputs extends object, Prediction> = Pick<
  Task<Row, Inputs, Prediction, never>,
  'collate' | 'decode' | 'length' | 'ahead' | 'axes'
> &
  Partial<Pick<Task<Row, Inputs, Prediction, never>, 'outputs'>>

/** What computes the outputs of batches, whatever made it. */
export interface PredictRowsOptions<Inputs extends object> extends BatchOptions {
  program: Pick<Program<Inputs>, 'run'>
  /** Which axes of a batch of so many rows have any length. @default as the task says; an export asks for none */
  axesOf?: ((arrays: Given<Inputs>, rows: number) => TaskAxes) | undefined
}

/** Goes back to the event loop. */
const turn = (): Promise<void> =>
  new Promise(resolve => (globalThis.setImmediate ?? setTimeout)(() => resolve()))

/**
 * Predicts rows in batches with a program that is there: of TensorFlow.js it needs nothing, so that a page can do it.
 *
 * @returns predictions in the order of the rows
 * @throws the reason of a signal that is aborted before the last batch
 */
export async function predictRows<Row, Inputs extends object, Prediction>(
  task: PredictingTask<Row, Inputs, Prediction>,
  rows: readonly Row[],
  {
    program,
    batchSize = 16,
    signal,
    axesOf = arrays => task.axes?.(arrays) ?? { axes: {} },
  }: PredictRowsOptions<Inputs>,
): Promise<Prediction[]> {
  const predictions = new Array<Prediction>(rows.length)
  const lengths = task.length && rows.map(row => task.length!(row))
  const order = batchOrder(rows.length, { batchSize, lengths })
  const rowsOf = (batch: number) => (order[batch] ?? []).map(place => rows[place]!)
  let collated = (async () => rows.length > 0 && task.collate(rowsOf(0)))()
  try {
    for (const [i, places] of order.entries()) {
      signal?.throwIfAborted()
      const batch = rowsOf(i)
      const arrays = (await collated) as Given<Inputs>
      await task.ahead?.(rowsOf(i + 1))
      const computed = program.run(arrays, axesOf(arrays, batch.length))
      // An engine in a thread of its own leaves this one to the next batch.
      if (i + 1 < order.length) collated = (async () => task.collate(rowsOf(i + 1)))()
      const decoded = await task.decode(await computed, batch, arrays)
      for (const [row, place] of places.entries()) predictions[place] = decoded[row]!
      // Engines compute without ever going back to the event loop: signals and timers would wait for the last batch.
      await turn()
    }
  } finally {
    // What is read for nobody any more is still read with what the caller may now free.
    await collated.catch(() => {})
  }
  return predictions
}
