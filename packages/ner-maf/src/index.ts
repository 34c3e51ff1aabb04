export { assertCheckpointConfig } from './checkpoint/check-config'
export type { CheckpointConfig, Preprocessing } from './checkpoint/checkpoint'
export { CHECKPOINT_FOLDER, checkpointFormat } from './checkpoint/checkpoint-folder'
export { type ImportPublishedOptions, importPublished } from './checkpoint/import-published'
export {
  type LoadCheckpointOptions,
  type LoadedCheckpoint,
  loadCheckpoint,
} from './checkpoint/load-checkpoint'
export { type CheckpointContent, saveCheckpoint } from './checkpoint/save-checkpoint'
export { type EvaluateRunOptions, type EvaluateRunResult, evaluateRun } from './evaluate/evaluate-run'
export { readEvaluation, writeEvaluation } from './evaluate/evaluation-folder'
export { scoreTagged } from './evaluate/score-tagged'
export { checkpointDigest } from './export/checkpoint-digest'
export type { ExportConfig, ExportedCrf, ExportedPictures, ExportedTensor } from './export/export-config'
export { type ExportRunOptions, type ExportRunResult, exportRun, MOST_LOST } from './export/export-run'
export { graphFeeds } from './export/graph-feeds'
export { graphProgram } from './export/graph-program'
export { type LoadedExport, loadExport } from './export/load-export'
export { type ExportMafOptions, exportMaf } from './export/maf-graph'
export type { QuantizationReport, SpeedRow } from './export/quantization-report'
export { formatQuantization } from './export/quantization-report'
export { QUANTIZATIONS, type Quantization } from './export/quantize-maf'
export { createQuantizedProgram, type QuantizedProgramOptions } from './export/quantized-program'
export { type ModelPictures, type ModelPicturesOptions, openModelPictures } from './features/model-pictures'
export {
  type BatchArrays,
  type BatchPictures,
  batchArrays,
  type PictureReader,
} from './model/batch-arrays'
export { type BuildMafOptions, buildMaf } from './model/build-maf'
export type { MafConfig } from './model/config'
export { hasGate } from './model/config'
export { type ExchangedRows, exchangedRows } from './model/exchange-pictures'
export { labelIds } from './model/label-ids'
export {
  createMaf,
  type Maf,
  type MafInputs,
  type MafLosses,
  type MafOutputs,
  type MafParts,
} from './model/maf'
export type {
  CreateFusion,
  FusionModule,
  FusionOutputs,
  OwnFusionConfig,
} from './model/own-fusion'
export {
  ABLATED_MODULES,
  type AblatedModule,
  type DefaultConfigOptions,
  defaultConfig,
  PUBLISHED_LABELS,
  type ReferenceConfigOptions,
  referenceConfig,
} from './model/presets'
export { fromPublishedName, isUnusedInPublished } from './model/published-names'
export type { Wiring } from './model/wiring'
export type { AnnotatedEntity, Annotation, AnnotationResult, PostInput } from './predict/annotation'
export { type LoadMafOptions, loadMaf, type MafAnnotator } from './predict/load-maf'
export { decodePosts, type TaggedPost, type TaggingModel } from './task/decode-posts'
export { exchangesOf } from './task/exchanges-of'
export { createMafProgram, type MafProgram } from './task/maf-program'
export { type NerTask, type NerTaskOptions, nerTask } from './task/ner-task'
export { type TagOptions, tag } from './task/tag'
export { type WindowRow, windowRows } from './task/window-rows'
export type { WindowScores } from './task/window-scores'
export { presentRows } from './task/window-scores'
export { trainRun } from './train/train-run'
export type { TrainRunOptions, TrainRunReport } from './train/train-run-options'
export { version } from './version'
