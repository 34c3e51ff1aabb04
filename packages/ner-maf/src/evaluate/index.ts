export { approximateRandomization } from './approximate-randomization'
export { type ComparedRuns, type Comparison, compareRuns, type RuleComparison } from './compare-runs'
export { conllevalReport } from './conlleval'
export {
  classifyErrors,
  type ErrorClass,
  type ErrorCounts,
  type ErrorReport,
  matchSpans,
  type SpanMatch,
} from './error-classes'
export type { Evaluation, EvaluationContext } from './evaluation'
export { type EvaluationFolder, readEvaluation, writeEvaluation } from './evaluation-folder'
export { dataFingerprint, pictureFingerprint } from './fingerprints'
export { formatComparison } from './format-comparison'
export { formatEvaluation } from './format-evaluation'
export { goldLabels } from './gold-labels'
export { type BootstrapResult, pairedBootstrap } from './paired-bootstrap'
export type { Prediction } from './predictions'
export { type EvaluationReport, evaluateLabels, formatReport } from './report'
export {
  type Averages,
  assertPaired,
  type Counts,
  type EntityScores,
  type LabelPair,
  type Score,
  scoreLabels,
  tokenAccuracy,
} from './scores'
export { type SeedTest, type Spread, seedTest, spreadOf } from './seed-test'
export { type Found, type SeenEntities, seenEntities } from './seen-entities'
export { f1OfCounts, sentenceCounts, sumCounts } from './sentence-counts'
export type { PairedCounts, Significance, SignificanceOptions } from './significance'
export { extractSpans, type Span, type SpanRule } from './spans'
export { unknownTypes } from './unknown-types'
