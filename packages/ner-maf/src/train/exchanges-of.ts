import { chooseExchanges, type ExchangeRule, type LabelledExchanges, publishedExchanges } from '@mafjs/match'

/** Who of a batch is given whose picture, by the model's own rule. */
export function exchangesOf(
  rule: ExchangeRule | undefined,
  ids: readonly string[],
  present: Float32Array,
  { seed, step }: { seed: number; step: number },
): LabelledExchanges {
  if (rule?.rule === 'last') return publishedExchanges(ids.length, rule.count)
  const partners = chooseExchanges({ ids, present, rate: rule?.rate, minimum: rule?.minimum, seed, step })
  return { partners, labels: Float32Array.from(partners, (partner, row) => (partner === row ? 1 : 0)) }
}
