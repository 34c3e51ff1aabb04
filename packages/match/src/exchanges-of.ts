import { chooseExchanges, type LabelledExchanges, publishedExchanges } from './exchanges'
import type { ExchangeRule } from './matching-options'

/** What matching does where the model names no rule. */
const DEFAULT_RULE: ExchangeRule = { rule: 'eligible', rate: 0.25, minimum: 2 }

/** Who of a batch is given whose picture, by the model's own rule. */
export function exchangesOf(
  rule: ExchangeRule = DEFAULT_RULE,
  ids: readonly string[],
  present: Float32Array,
  { seed, step }: { seed: number; step: number },
): LabelledExchanges {
  if (rule.rule === 'last') return publishedExchanges(ids.length, rule.count)
  const { rate, minimum } = rule
  const partners = chooseExchanges({ ids, present, rate, minimum, seed, step })
  return { partners, labels: Float32Array.from(partners, (partner, row) => (partner === row ? 1 : 0)) }
}

/** How many posts of a batch a rule exchanges at most. */
export function mostExchanged(rule: ExchangeRule = DEFAULT_RULE, batch: number): number {
  if (rule.rule === 'eligible') return Math.min(batch, Math.max(rule.minimum, Math.ceil(rule.rate * batch)))
  return rule.count === null || rule.count >= batch ? 0 : 2 * Math.floor(rule.count / 2)
}
