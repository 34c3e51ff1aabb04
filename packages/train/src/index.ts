export type { LossValues } from '@mafjs/compile'
export { type BatchOrderOptions, batchOrder } from './batches/batch-order'
export { type PaddedEncoding, padEncoding } from './batches/pad-encoding'
export { type PaddedRows, type PadRowsOptions, padRows } from './batches/pad-rows'
export { standardizer } from './batches/standardizer'
export {
  type ClassifierInputs,
  type ClassifierOptions,
  type ClassifierReport,
  type ClassifierTask,
  type ClassPrediction,
  defineClassifier,
} from './classifier'
export { exportTask } from './export/export-task'
export { openExport } from './export/open-export'
export { type FitOptions, fit } from './fit/fit'
export { InterruptedError } from './fit/interrupted-error'
export { TrainingError } from './fit/training-error'
export { type InitialWeights, readWeights } from './fit/warm-start'
export { evaluate, openPredictor, type Predictor, type PredictorOptions, predict } from './predict'
export { type BatchOptions, type PredictingTask, type PredictRowsOptions, predictRows } from './predict-rows'
export type { EpochEvent, StepEvent, TrainingEvent } from './record/events'
export type { FitResult } from './record/fit-result'
export type { RunRecord } from './record/run-record'
export type { DrawnScores } from './report/curves'
export { printEvents } from './report/print-events'
export type { RunReportWords } from './report/run-report'
export { modelDigest } from './run/model-digest'
export { type ModelFormat, modelFolder, writeModel } from './run/model-format'
export { openRun, type Run, type RunOptions } from './run/open-run'
export { type FitSeedsOptions, fitSeeds } from './seeds/fit-seeds'
export { type RunSeedsOptions, runSeeds } from './seeds/run-seeds'
export { readSeeds } from './seeds/seeds-folder'
export { formatSeeds, type SeedRun, type SeedsSummary } from './seeds/seeds-summary'
export {
  type CompleteSettings,
  completeSettings,
  type ParameterGroupSettings,
  type TrainingSettings,
} from './settings/settings'
export { assignSnapshot, type Snapshot, takeSnapshot } from './snapshot'
export { inBatches } from './stream/in-batches'
export { type MapAheadOptions, mapAhead } from './stream/map-ahead'
export { type MapWindowsOptions, mapWindows, type StreamOptions, type WindowEnds } from './stream/map-windows'
export { streamUntil } from './stream/stream-until'
export { type AbortOptions, untilAborted } from './stream/until-aborted'
export { defineTask, sumLosses, type Task, type TaskAxes } from './task'
