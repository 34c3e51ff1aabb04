import { assertPaired, type Counts, type LabelPair } from './scores'
import { extractSpans, type Span, type SpanRule } from './spans'

/** How many entities two lists of one sentence have, and have in common. */
export function countSpans(gold: readonly Span[], predicted: readonly Span[]): Counts {
  const keys = new Set(gold.map(({ type, start, end }) => `${start} ${end} ${type}`))
  const correct = predicted.filter(({ type, start, end }) => keys.has(`${start} ${end} ${type}`)).length
  return { support: gold.length, predicted: predicted.length, correct }
}

/**
 * The counts of every sentence, which is all that a test of significance reads.
 *
 * @throws InvalidArgumentError when gold and prediction do not have the same sentences and lengths, or for a label of
 * another scheme.
 */
export function sentenceCounts({ gold, predicted }: LabelPair, rule: SpanRule): Counts[] {
  assertPaired({ gold, predicted })
  return gold.map((labels, sentence) =>
    countSpans(extractSpans(labels, rule), extractSpans(predicted[sentence]!, rule)),
  )
}

/** The counts of some sentences together. */
export function sumCounts(counts: readonly Counts[]): Counts {
  const sum: Counts = { support: 0, predicted: 0, correct: 0 }
  for (const { support, predicted, correct } of counts) {
    sum.support += support
    sum.predicted += predicted
    sum.correct += correct
  }
  return sum
}

/** Micro F1 from counts, from 0 to 1; 0 where there is no entity at all. */
export function f1OfCounts({ support, predicted, correct }: Counts): number {
  const entities = support + predicted
  return entities === 0 ? 0 : (2 * correct) / entities
}
