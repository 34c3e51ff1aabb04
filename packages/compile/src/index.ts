export { type Compiled, type CompileOptions, compile } from './compile'
export { type CompiledGradients, compileGradients, type LossesAndGradients } from './compile-gradients'
export { type ExportOnnxOptions, exportGraph, exportOnnx, type InputSignature } from './export-onnx'
export { CompileError } from './graph/compile-error'
export { embedExternal } from './graph/embed-external'
export { type EncodeModelOptions, encodeModel } from './graph/encode-model'
export {
  type EncodedModel,
  type EncodeForFilesOptions,
  type ExternalData,
  encodeForFiles,
} from './graph/external-data'
export { type ExternalTensor, externalTensors } from './graph/external-tensors'
export type { Initializer, OnnxGraph, OnnxNode, TensorSpec } from './graph/onnx-graph'
export { type OnnxWeight, onnxWeights } from './graph/onnx-weights'
export type { ChooseWeightType, WeightType } from './graph/weight-type'
export { type OpenOnnxOptions, openOnnx } from './open-onnx'
export { type ChosenWeights, chooseWeights, type WeightTrial } from './quantize/choose-weights'
export type { ZeroPointTimes } from './quantize/choose-zero-point'
export {
  createQuantizer,
  type QuantizedGraph,
  type Quantizer,
  type QuantizerOptions,
} from './quantize/create-quantizer'
export { type QuantizeGraphOptions, quantizeGraph } from './quantize/quantize-graph'
export { registerOnnxBackend } from './register-onnx-backend'
export { EXPORT_PROFILES, type ExportProfile } from './rewrite/optimize'
export { assertRuntime, runtimeVersion } from './session/load-runtime'
export type { DeclaredInput, OpenedModel } from './session/open-model'
export { type OpenWithOptions, openWith } from './session/open-with'
export { type Int8Probe, probeInt8 } from './session/probe-int8'
export { createSession, type Feed, type HostTensor, type Session } from './session/session'
export { EXACT_BYTES, type SessionOptions, type ThreadOptions } from './session/session-options'
export { assertThreads, availableThreads, MOST_THREADS } from './session/thread-count'
export type { Losses, LossFunction } from './trace/record-gradients'
export { type AxisNames, type DynamicShapes, withoutDimension } from './trace/record-program'
export type { Given, HostArray, TensorLike } from './trace/tree'
export { createAdamW } from './training/adamw'
export { createBertAdam } from './training/bert-adam'
export { type Clipping, clipByGlobalNorm, clipPerTensor, globalNorm, noClipping } from './training/clipping'
export {
  type CompiledTraining,
  type CompileTrainingOptions,
  compileTraining,
  type LossValues,
  type TrainingReport,
  type TrainingState,
} from './training/compile-training'
export type {
  FlatOptimizer,
  FlatUpdateReport,
  OptimizerOptions,
  OptimizerState,
  ParameterRates,
} from './training/flat-optimizer'
export { createGradientSums, type GradientSums } from './training/gradient-sums'
export { createOptimizer, type OptimizerSpec, type ParameterGroup } from './training/optimizer-spec'
export {
  createParameterStore,
  type ParameterStore,
  type StoredParameter,
  type StoredParameterSpec,
} from './training/parameter-store'
export {
  constantSchedule,
  cosineSchedule,
  linearSchedule,
  publishedSchedule,
  type Schedule,
  type ScheduleOptions,
} from './training/schedules'
export type { RunKey } from './training/training-engine'
