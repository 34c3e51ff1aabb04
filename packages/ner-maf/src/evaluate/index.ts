export { type ComparedRuns, type Comparison, compareRuns, type RuleComparison } from './compare-runs'

export type { Evaluation, EvaluationContext } from './evaluation'
export { type EvaluationFolder, readEvaluation, writeEvaluation } from './evaluation-folder'

export { formatComparison } from './format-comparison'
export { formatEvaluation } from './format-evaluation'

export type { Prediction } from './predictions'

export { type Found, type SeenEntities, seenEntities } from './seen-entities'
