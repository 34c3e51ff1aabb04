import type { Given } from '@mafjs/compile'
import { createProgram, type Engine, type Program } from '@mafjs/compile/engine'
import { createAxisFinder } from './axes/find-axes'
import { probesOf } from './axes/probes-of'
import { type BatchOptions, type PredictingTask, predictRows } from './predict-rows'
import type { Task } from './task'

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
      const axesOf = (arrays: Given<Inputs>, batch: number) =>
        task.axes?.(arrays) ?? finder.observe(arrays, batch)
      return predictRows(task, rows, { program, batchSize, signal, axesOf })
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
