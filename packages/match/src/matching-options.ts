import { assertSizes, InvalidArgumentError } from '@mafjs/tensor'
import { assertCount, assertShare } from './exchanges'

/** Which examples see another's picture in training. */
export type ExchangeRule =
  | {
      /** By seed among those that can be: see `chooseExchanges`. */
      rule: 'eligible'
      rate: number
      minimum: number
    }
  | {
      /** The published code's: see `publishedExchanges`. */
      rule: 'last'
      count: number | null
    }

/** The options of `createMatching`. */
export interface MatchingOptions {
  /** Channels of the token states and of the image states. */
  hidden: number
  /** How `[T ; C]` becomes one row: masked means for any length, or all positions side by side. @default 'pooled' */
  head?: 'pooled' | 'flattened' | undefined
  /** The one length the flattened head takes; given with it alone. */
  tokens?: number | undefined
  /** Whether padded positions are kept from the head. @default true */
  maskPadding?: boolean | undefined
  /** Who is exchanged in training. @default { rule: 'eligible', rate: 0.25, minimum: 2 } */
  exchange?: ExchangeRule | undefined
  /** Whether `states` and `probability` come from the exchanged states where there are any. @default false */
  exchangedStatesInTagging?: boolean | undefined
  /** Whether a batch without any exchange has a loss. @default false */
  lossWithoutNegatives?: boolean | undefined
  /** Seed of the first parameter values. @default 0 */
  seed?: number | undefined
}

/** The module's configuration: every option but `tokens`, which only the flattened head has. */
export type MatchingConfig = Required<Omit<MatchingOptions, 'tokens'>> & { tokens?: number }

/** The two presets; they differ in these options alone. The reference also needs `tokens`. */
export const matchingPresets = {
  /** The published code's: 128 positions, padding included, and exchanged states in the tagging loss. */
  reference: {
    head: 'flattened',
    maskPadding: false,
    exchange: { rule: 'last', count: 16 },
    exchangedStatesInTagging: true,
    lossWithoutNegatives: true,
  },
  /** Any length, no padding, and tagging sees every example's own image. */
  default: {
    head: 'pooled',
    maskPadding: true,
    exchange: { rule: 'eligible', rate: 0.25, minimum: 2 },
    exchangedStatesInTagging: false,
    lossWithoutNegatives: false,
  },
} as const

/** The whole configuration; refuses options that are out of range or do not go together. */
export function completeMatchingOptions({
  hidden,
  head = 'pooled',
  tokens,
  maskPadding = true,
  exchange = { rule: 'eligible', rate: 0.25, minimum: 2 },
  exchangedStatesInTagging = false,
  lossWithoutNegatives = false,
  seed = 0,
}: MatchingOptions): MatchingConfig {
  const refuse = (argument: string, rule: string, received: unknown, fix?: string): never => {
    throw new InvalidArgumentError({ argument, rule, received, fix })
  }
  assertSizes({ hidden })
  if (head !== 'pooled' && head !== 'flattened') refuse('head', "must be 'pooled' or 'flattened'", head)
  if (head === 'flattened' && !(Number.isInteger(tokens) && Number(tokens) > 0)) {
    refuse('tokens', 'must be a positive whole number for the flattened head', tokens)
  }
  if (head === 'pooled' && tokens !== undefined) {
    refuse(
      'tokens',
      'must be left out for the pooled head, which takes any length',
      tokens,
      "Leave it out, or set head to 'flattened'.",
    )
  }
  if (exchange?.rule === 'eligible') assertShare(exchange.rate, exchange.minimum)
  else if (exchange?.rule === 'last') assertCount(exchange.count)
  else refuse('exchange.rule', "must be 'eligible' or 'last'", (exchange as { rule: unknown } | null)?.rule)
  return {
    hidden,
    head,
    ...(tokens === undefined ? {} : { tokens }),
    maskPadding,
    exchange: { ...exchange },
    exchangedStatesInTagging,
    lossWithoutNegatives,
    seed,
  }
}
