import { assertShape, InvalidArgumentError, takeRows } from '@mafjs/tensor'
import type { Tensor3D } from '@tensorflow/tfjs-core'

/**
 * The image states every example sees after the exchange: those of its partner.
 *
 * @param states C, `[batch, tokens, hidden]`
 * @param partners the partner's index per example, as `chooseExchanges` gives them
 * @returns `[batch, tokens, hidden]`
 * @throws InvalidArgumentError for a number of partners that is not the batch, or an index outside it.
 */
export function swapNegatives(states: Tensor3D, partners: ArrayLike<number>): Tensor3D {
  assertShape('states', states, ['batch', 'tokens', 'hidden'])
  assertPartners(partners, states.shape[0])
  return takeRows(states, partners)
}

/** Refuses partners that are not one index of the batch per example. */
export function assertPartners(partners: ArrayLike<number>, batch: number): void {
  const isIndex = (index: number): boolean => Number.isInteger(index) && index >= 0 && index < batch
  if (partners.length !== batch || !Array.from(partners).every(isIndex)) {
    throw new InvalidArgumentError({
      argument: 'partners',
      rule: `must be ${batch} indices from 0 to ${batch - 1}, one per example`,
      received: `[${Array.from(partners).join(', ')}]`,
    })
  }
}
