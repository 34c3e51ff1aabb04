export {
  type ComparedRuns,
  type Comparison,
  compareRuns,
  type RuleComparison,
} from './compare-runs'
export type { Evaluation, EvaluationContext, EvaluationFolder } from './evaluation'
export { formatComparison } from './format-comparison'
export { formatEvaluation } from './format-evaluation'
export { countsOf, type Prediction, parsePredictions, predictionOf } from './predictions'
export { type Found, type LabelledWords, type SeenEntities, seenEntities } from './seen-entities'
