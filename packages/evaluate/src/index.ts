export { areaUnderRoc } from './classes/area-under-roc'
export {
  type Class,
  type ClassificationPairs,
  type ClassificationReport,
  type ClassScore,
  classificationReport,
} from './classes/classification-report'
export { conllevalReport } from './entities/conlleval'
export {
  classifyErrors,
  ERROR_CLASSES,
  type ErrorClass,
  type ErrorCounts,
  type ErrorReport,
  matchSpans,
  type SpanMatch,
} from './entities/error-classes'
export { type EvaluationReport, evaluateLabels, formatReport } from './entities/report'
export {
  type Averages,
  assertPaired,
  type Counts,
  type EntityScores,
  type LabelPair,
  type Score,
  scoreLabels,
  tokenAccuracy,
} from './entities/scores'
export { countSpans, f1OfCounts, sentenceCounts, sumCounts } from './entities/sentence-counts'
export { extractSpans, type Span, type SpanRule } from './entities/spans'
export { unknownTypes } from './entities/unknown-types'
export { markdownTable, percent, points, pValue, spread } from './markdown-table'
export { approximateRandomization } from './significance/approximate-randomization'
export { formatSpread } from './significance/format-spread'
export { holm } from './significance/holm'
export { type BootstrapResult, pairedBootstrap } from './significance/paired-bootstrap'
export { quantile } from './significance/quantile'
export { type SeedTest, type Spread, seedTest, spreadOf } from './significance/seed-test'
export type { PairedCounts, Significance, SignificanceOptions } from './significance/significance'
