export { conllevalReport } from './conlleval'
export { goldLabels } from './gold-labels'
export { type EvaluationReport, evaluateLabels, formatReport, formatScores } from './report'
export {
  type Averages,
  assertPaired,
  type Counts,
  type EntityScores,
  type LabelPair,
  type Score,
  scoreLabels,
  scoreSpans,
  tokenAccuracy,
} from './scores'
export { extractSpans, type Span, type SpanRule } from './spans'
