export type { CheckpointConfig, Preprocessing } from './checkpoint/checkpoint'
export { type ImportPublishedOptions, importPublished } from './checkpoint/import-published'
export { type LoadedCheckpoint, loadCheckpoint } from './checkpoint/load-checkpoint'
export { type CheckpointContent, saveCheckpoint } from './checkpoint/save-checkpoint'
export { assignSnapshot, type Snapshot, takeSnapshot } from './checkpoint/snapshot'
export {
  type Batch,
  batchOrder,
  collate,
  createPictureStore,
  type Dataset,
  type Example,
  labelScheme,
  type PictureBatch,
  type PictureStore,
  readConll,
  readDataset,
  readJsonl,
  type Split,
  type SplitterName,
  splitWords,
  typesOf,
} from './data'
export { type BackendName, useBackend } from './engine/use-backend'
export {
  conllevalReport,
  type EvaluationReport,
  evaluateLabels,
  extractSpans,
  formatReport,
  type LabelPair,
  type Span,
  type SpanRule,
  scoreLabels,
  tokenAccuracy,
} from './evaluate'
export { type EvaluateRunOptions, type EvaluateRunResult, evaluateRun } from './evaluate/evaluate-run'
export { batchTensors } from './model/batch-tensors'
export { type BuildMafOptions, buildMaf } from './model/build-maf'
export type { MafConfig } from './model/config'
export { labelIds } from './model/label-ids'
export {
  createMaf,
  type Maf,
  type MafInputs,
  type MafLosses,
  type MafOutputs,
  type MafParts,
} from './model/maf'
export {
  type AblatedModule,
  type DefaultConfigOptions,
  defaultConfig,
  PUBLISHED_LABELS,
  type ReferenceConfigOptions,
  referenceConfig,
} from './model/presets'
export { fromPublishedName, isUnusedInPublished } from './model/published-names'
export type { AnnotatedEntity, Annotation, AnnotationResult, PostInput } from './predict/annotation'
export { loadMaf, type MafAnnotator } from './predict/load-maf'
export { pictureLoader } from './predict/picture-loader'
export { tagInBatches } from './predict/tag-in-batches'
export type { TaggedPost, TaggerOptions } from './predict/tag-posts'
export { createAdamW } from './train/adamw'
export { createBertAdam } from './train/bert-adam'
export { type Clipping, clipByGlobalNorm, clipPerTensor } from './train/clipping'
export type { EpochEvent, LossValues, StepEvent, TrainingEvent } from './train/events'
export { exchangesOf } from './train/exchanges-of'
export type { Optimizer, OptimizerOptions, UpdateReport } from './train/optimizer'
export { constantSchedule, linearSchedule, publishedSchedule, type Schedule } from './train/schedules'
export type { TrainingSettings } from './train/settings'
export { type TrainingInputs, type TrainingResult, trainMaf } from './train/train-maf'
export { type TrainRunOptions, type TrainRunReport, trainRun } from './train/train-run'
export { TrainingError } from './train/training-error'
export { version } from './version'
