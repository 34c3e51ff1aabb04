import { InvalidArgumentError } from '@mafjs/tensor'

/** What the published scheme tags beside words. */
export const PIECE_LABELS = ['X', '[CLS]', '[SEP]']

/** How the default preset may be wired otherwise, each an ablation. */
export interface Wiring {
  /**
   * `query`: the states of the interaction carry their own token too, as in the published code.
   * @default 'none'
   */
  residual?: 'query' | 'none'
  /** Whether tagging is trained on exchanged pictures too, as in the published code. @default false */
  tagExchanged?: boolean
  /**
   * `pieces`: every word piece is tagged, those that continue a word as X, as in the published code; BIO then cannot
   * constrain decoding.
   * @default 'words'
   */
  steps?: 'words' | 'pieces'
}

const WIRINGS: Record<keyof Wiring, readonly unknown[]> = {
  residual: ['query', 'none', undefined],
  tagExchanged: [true, false, undefined],
  steps: ['words', 'pieces', undefined],
}

/**
 * Checks a wiring before any work is done for it.
 *
 * @throws InvalidArgumentError for a name or a value it does not know, or another preset than the default one.
 */
export function assertWiring(wiring: Wiring | undefined, preset: 'default' | 'reference'): void {
  const refuse = (argument: string, rule: string, received: unknown): never => {
    throw new InvalidArgumentError({ argument, rule, received })
  }
  if (wiring && preset !== 'default') refuse('wiring', 'belongs to the default preset', preset)
  for (const [name, value] of Object.entries(wiring ?? {})) {
    const known = Object.hasOwn(WIRINGS, name) ? WIRINGS[name as keyof Wiring] : undefined
    if (!known) refuse('wiring', `must have the names ${Object.keys(WIRINGS).join(', ')}`, name)
    if (!known?.includes(value)) {
      const values = known?.filter(one => one !== undefined).join(' or ')
      refuse(`wiring.${name}`, `must be ${values}`, value)
    }
  }
}
