import {
  type Averages,
  assertPaired,
  countTokens,
  type EntityScores,
  type LabelPair,
  type Score,
  scoreLabels,
  tokenAccuracy,
} from './scores'
import type { SpanRule } from './spans'

/** What an evaluation found, as plain JSON; both rules side by side, because published figures use either. */
export interface EvaluationReport {
  sentences: number
  tokens: number
  /** The share of tokens with exactly the gold label, from 0 to 1. */
  tokenAccuracy: number
  /** Only `B-` opens an entity (IOB2); `micro.support` is the number of gold entities. */
  strict: EntityScores
  /** An `I-` that continues nothing opens an entity too (CoNLL); `micro.support` is the number of gold entities. */
  lenient: EntityScores
}

/**
 * Evaluates predicted labels under both rules.
 *
 * @throws InvalidArgumentError when gold and prediction do not have the same sentences and lengths, or for a label of
 * another scheme.
 */
export function evaluateLabels({ gold, predicted }: LabelPair): EvaluationReport {
  assertPaired({ gold, predicted })
  return {
    sentences: gold.length,
    tokens: countTokens({ gold, predicted }).tokens,
    tokenAccuracy: tokenAccuracy({ gold, predicted }),
    strict: scoreLabels({ gold, predicted }, 'strict'),
    lenient: scoreLabels({ gold, predicted }, 'lenient'),
  }
}

const MEANINGS: Record<SpanRule, string> = {
  strict: 'strict (IOB2): only B- opens an entity',
  lenient: 'lenient (CoNLL): an I- that continues no entity opens one',
  published: 'published: lenient, and auxiliary labels are entities of their own name',
}

/** The report as a table for people: one block per rule, in percent. */
export function formatReport({
  sentences,
  tokens,
  tokenAccuracy,
  strict,
  lenient,
}: EvaluationReport): string {
  const head = `${sentences} sentences, ${tokens} tokens, token accuracy ${percent(tokenAccuracy).trim()} %`
  return [head, formatScores(strict), formatScores(lenient)].join('\n\n')
}

/** The scores of one rule as a table, in percent, with the rule above it. */
function formatScores({ rule, perType, micro, macro, weighted }: EntityScores): string {
  const types = Object.entries(perType)
  const width = Math.max(...['weighted', ...Object.keys(perType)].map(name => name.length))
  const row = (name: string, score: Averages | Score): string => {
    const values = [score.precision, score.recall, score.f1].map(value => percent(value).padStart(10))
    const counts = 'support' in score ? [score.support, score.predicted, score.correct] : []
    return [name.padEnd(width), ...values, ...counts.map(count => String(count).padStart(10))].join('')
  }
  const titles = ['precision', 'recall', 'F1', 'gold', 'predicted', 'correct']
  return [
    MEANINGS[rule],
    ' '.repeat(width) + titles.map(title => title.padStart(10)).join(''),
    ...types.map(([type, score]) => row(type, score)),
    row('micro', micro),
    row('macro', macro),
    row('weighted', weighted),
  ].join('\n')
}

function percent(value: number): string {
  return (100 * value).toFixed(2)
}
