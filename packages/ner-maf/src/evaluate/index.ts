export { conllevalReport } from './conlleval'
export { goldLabels } from './gold-labels'
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
export { extractSpans, type Span, type SpanRule } from './spans'
export { unknownTypes } from './unknown-types'
