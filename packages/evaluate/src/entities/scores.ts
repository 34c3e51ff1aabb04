import { InvalidArgumentError } from '@mafjs/tensor/errors'
import { extractSpans, type Span, type SpanRule } from './spans'

/** Precision, recall and their harmonic mean, from 0 to 1; each is 0 where it would divide by 0. */
export interface Averages {
  precision: number
  recall: number
  f1: number
}

/** How many entities there are. */
export interface Counts {
  /** Entities in the gold labels. */
  support: number
  /** Entities in the predicted labels. */
  predicted: number
  /** Entities in both: same sentence, type, start and end. */
  correct: number
}

/** The averages of a set of entities with the counts they come from. */
export interface Score extends Averages, Counts {}

/** The scores of one rule. */
export interface EntityScores {
  rule: SpanRule
  /** Over all entities together: the figure papers report. */
  micro: Score
  /** The mean over types. */
  macro: Averages
  /** The mean over types, each weighted by its gold entities. */
  weighted: Averages
  /** Every type in gold or prediction, in alphabetical order. */
  perType: Record<string, Score>
}

/** Gold and predicted labels of the same sentences. */
export interface LabelPair {
  /** `[sentence][token]` */
  gold: readonly (readonly string[])[]
  /** `[sentence][token]`: as many labels as gold. */
  predicted: readonly (readonly string[])[]
}

/**
 * Entity scores of predicted labels, as the CoNLL tasks define them: an entity counts only if type, start and end are
 * all right (Tjong Kim Sang and De Meulder 2003).
 *
 * @throws InvalidArgumentError when gold and prediction do not have the same sentences and lengths, or for a label of
 * another scheme.
 */
export function scoreLabels({ gold, predicted }: LabelPair, rule: SpanRule): EntityScores {
  assertPaired({ gold, predicted })
  return scoreSpans({
    gold: gold.map(labels => extractSpans(labels, rule)),
    predicted: predicted.map(labels => extractSpans(labels, rule)),
    rule,
  })
}

/** Scores of entities already extracted under `rule`; both lists hold one list per sentence. */
function scoreSpans({
  gold,
  predicted,
  rule,
}: {
  gold: readonly (readonly Span[])[]
  predicted: readonly (readonly Span[])[]
  rule: SpanRule
}): EntityScores {
  assertSameCount('sentences', 'predicted', predicted.length, gold.length)
  const counts = new Map<string, Counts>()
  const countsOf = (type: string): Counts => {
    const known = counts.get(type) ?? { support: 0, predicted: 0, correct: 0 }
    counts.set(type, known)
    return known
  }
  const keyOf = ({ type, start, end }: Span): string => `${start} ${end} ${type}`
  for (const [sentence, spans] of gold.entries()) {
    const keys = new Set(spans.map(keyOf))
    for (const { type } of spans) countsOf(type).support++
    for (const span of predicted[sentence]!) {
      countsOf(span.type).predicted++
      if (keys.has(keyOf(span))) countsOf(span.type).correct++
    }
  }
  const types = [...counts.keys()].sort()
  const scores = types.map(type => scoreOf(countsOf(type)))
  const sum = (field: keyof Counts): number => total(scores.map(score => score[field]))
  return {
    rule,
    micro: scoreOf({ support: sum('support'), predicted: sum('predicted'), correct: sum('correct') }),
    macro: meanOf(scores, () => 1),
    weighted: meanOf(scores, ({ support }) => support),
    perType: Object.fromEntries(types.map((type, i) => [type, scores[i]!])),
  }
}

/**
 * The share of tokens whose label is exactly right; 0 where there is no token.
 *
 * @throws InvalidArgumentError when gold and prediction do not have the same sentences and lengths.
 */
export function tokenAccuracy({ gold, predicted }: LabelPair): number {
  assertPaired({ gold, predicted })
  const { right, tokens } = countTokens({ gold, predicted })
  return ratio(right, tokens)
}

/** How many tokens there are, and how many have exactly the gold label. */
export function countTokens({ gold, predicted }: LabelPair): { tokens: number; right: number } {
  return {
    tokens: total(gold.map(labels => labels.length)),
    right: total(gold.map((labels, i) => labels.filter((label, j) => label === predicted[i]![j]).length)),
  }
}

/**
 * Checks that every sentence has as many predicted labels as gold ones.
 * @throws InvalidArgumentError naming the first sentence that has not.
 */
export function assertPaired({ gold, predicted }: LabelPair): void {
  assertSameCount('sentences', 'predicted', predicted.length, gold.length)
  for (const [i, labels] of gold.entries()) {
    assertSameCount('labels', `predicted[${i}]`, predicted[i]!.length, labels.length)
  }
}

function assertSameCount(what: string, argument: string, received: number, expected: number): void {
  if (received === expected) return
  throw new InvalidArgumentError({
    argument,
    rule: `must have as many ${what} as gold, ${expected}`,
    received,
    fix: what === 'labels' ? 'Give tokens that were cut away the label O.' : '',
  })
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}

function scoreOf({ support, predicted, correct }: Counts): Score {
  return {
    precision: ratio(correct, predicted),
    recall: ratio(correct, support),
    f1: ratio(2 * correct, support + predicted),
    support,
    predicted,
    correct,
  }
}

function meanOf(scores: readonly Score[], weightOf: (score: Score) => number): Averages {
  const weights = scores.map(weightOf)
  const mean = (field: keyof Averages): number =>
    ratio(total(scores.map((score, i) => score[field] * weights[i]!)), total(weights))
  return { precision: mean('precision'), recall: mean('recall'), f1: mean('f1') }
}
