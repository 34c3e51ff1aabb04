import { countTokens, type LabelPair, type Score, scoreLabels } from './scores'

/**
 * The report that the CoNLL tasks' `conlleval` script prints for these labels, to the letter (Tjong Kim Sang 2000).
 * Its rule is the lenient one; percentages are computed and rounded in its own order.
 *
 * @throws InvalidArgumentError when gold and prediction do not have the same sentences and lengths, or for a label of
 * another scheme.
 */
export function conllevalReport({ gold, predicted }: LabelPair): string {
  const { micro, perType } = scoreLabels({ gold, predicted }, 'lenient')
  const { tokens, right } = countTokens({ gold, predicted })
  const head =
    `processed ${tokens} tokens with ${micro.support} phrases; ` +
    `found: ${micro.predicted} phrases; correct: ${micro.correct}.\n`
  if (tokens === 0) return head
  const types = Object.entries(perType).map(
    ([type, score]) => `${type.padStart(17)}: ${percentages(score)}  ${score.predicted}\n`,
  )
  return `${head}accuracy: ${percent(share(right, tokens))}%; ${percentages(micro)}\n${types.join('')}`
}

function percentages({ correct, predicted, support }: Score): string {
  const precision = share(correct, predicted)
  const recall = share(correct, support)
  const f1 = precision + recall > 0 ? (2 * precision * recall) / (precision + recall) : 0
  return `precision: ${percent(precision)}%; recall: ${percent(recall)}%; FB1: ${percent(f1)}`
}

function share(part: number, whole: number): number {
  return whole > 0 ? (100 * part) / whole : 0
}

/** As `%6.2f`: a value exactly between two hundredths goes to the even one, where `toFixed` would go up. */
function percent(value: number): string {
  const eighths = value * 8
  // Only odd eighths (.125, .375, .625, .875) are exactly between two hundredths in binary.
  const tie = Number.isInteger(eighths) && eighths % 2 === 1
  const below = Math.floor(value * 100)
  const rounded = tie ? (below % 2 === 0 ? below : below + 1) / 100 : value
  return rounded.toFixed(2).padStart(6)
}
