export { type AblateRunOptions, ablateRun } from './ablate/ablate-run'
export type { AblationReport, AblationRow } from './ablate/ablation-report'
export { ABLATION_NAMES, type AblationName } from './ablate/ablations'
export { type CompareRunOptions, compareRun } from './compare/compare-run'
export {
  type ExplainErrorsOptions,
  type ExplainErrorsResult,
  explainErrors,
} from './explain/explain-errors'
export { type FeaturesRunOptions, type FeaturesRunResult, featuresRun } from './features/features-run'
export { type ImportPublishedOptions, importPublished } from './import/import-published'
export type { GateHistogram } from './probe/gate-histogram'
export type { ProbeReport, ProbeResult } from './probe/probe-report'
export { type ProbeRunOptions, type ProbeRunResult, probeRun } from './probe/probe-run'
export { run } from './run'
export { type TrainSeedsOptions, trainSeeds } from './seeds/train-seeds'
