import type { Given } from '@mafjs/compile'
import { createProgram, type Engine, type Program } from '@mafjs/compile/engine'
import * as tf from '@tensorflow/tfjs-core'
import { createAxisFinder } from './axes/find-axes'
import { probesOf } from './axes/probes-of'
import { batchOrder } from './batches/batch-order'
import type { Task } from './task'

/** What may be said of every prediction. */
export interface BatchOptions {
  /** Rows that are computed together. @default 16 */
  batchSize?: number | undefined
  /** Ends the work between two batches, with its reason. */
  signal?: AbortSignal | undefined
}

/** Predicts rows, time and again. */
export interface Predictor<Row, Prediction> {
  /**
   * Predictions in the order of the rows.
   *
   * @throws the reason of a signal that is aborted before the last batch
   */
  predict(rows: readonly Row[], options?: BatchOptions): Promise<Prediction[]>
  /** Frees the program that predicts, after the calls under way; the task's model stays. */
  dispose(): Promise<void>
}

/** What prediction asks of a task; its outputs, where no program computes them. */
export type PredictingTask<Row, Inputs extends object, Prediction> = Pick<
  Task<Row, Inputs, Prediction, never>,
  'collate' | 'decode' | 'length' | 'ahead' | 'axes'
> &
  Partial<Pick<Task<Row, Inputs, Prediction, never>, 'outputs'>>

/** What computes a task's outputs. */
export type PredictorOptions<Inputs> =
  | {
      engine: Engine
      /** For the engine onnx: `input` where the model is trained meanwhile, since every change would else cost a session. @default 'constant' */
      weights?: 'constant' | 'input' | undefined
      program?: undefined
    }
  | {
      /** Computes the outputs in the model's place, such as an export that `openExport` has opened. */
      program: Program<Inputs>
      engine?: Engine | undefined
    }

/** Opens a task for prediction, with its model as it is at every call. */
export function openPredictor<Row, Inputs extends object, Prediction>(
  task: PredictingTask<Row, Inputs, Prediction>,
  options: PredictorOptions<Inputs>,
): Predictor<Row, Prediction> {
  const program =
    options.program ??
    createProgram<Inputs>(options.engine, inputs => task.outputs!(inputs), { weights: options.weights })
  const finder = createAxisFinder()
  let isProbed = options.program !== undefined || options.engine.name === 'tfjs' || task.axes !== undefined

  return {
    async predict(rows, { batchSize = 16, signal } = {}) {
      if (!isProbed) {
        for (const probe of probesOf(rows)) finder.observe(await task.collate(probe), probe.length)
        isProbed = rows.length > 0
      }
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
          const computed = program.run(arrays, task.axes?.(arrays) ?? finder.observe(arrays, batch.length))
          // An engine in a thread of its own leaves this one to the next batch.
          if (i + 1 < order.length) collated = (async () => task.collate(rowsOf(i + 1)))()
          const decoded = await task.decode(await computed, batch, arrays)
          for (const [row, place] of places.entries()) predictions[place] = decoded[row]!
          // Engines compute without ever going back to the event loop: signals and timers would wait for the last batch.
          await tf.nextFrame()
        }
      } finally {
        // What is read for nobody any more is still read with what the caller may now free.
        await collated.catch(() => {})
      }
      return predictions
    },
    dispose: program.dispose,
  }
}

/** Predictions of rows, in their order. */
export async function predict<Row, Inputs extends object, Prediction>(
  task: PredictingTask<Row, Inputs, Prediction>,
  rows: readonly Row[],
  options: PredictorOptions<Inputs> & BatchOptions,
): Promise<Prediction[]> {
  const predictor = openPredictor(task, options)
  try {
    return await predictor.predict(rows, options)
  } finally {
    // A program that was given is its maker's.
    if (!options.program) await predictor.dispose()
  }
}

/** The task's report on rows, as its model predicts them. */
export async function evaluate<Row, Inputs extends object, Prediction, Report extends object>(
  task: Task<Row, Inputs, Prediction, Report>,
  rows: readonly Row[],
  options: PredictorOptions<Inputs> & BatchOptions,
): Promise<Report> {
  return task.score(await predict(task, rows, options), rows)
}
