import { assertDtype, assertShape, InvalidArgumentError, takeRows } from '@mafjs/tensor'
import type { Tensor1D, Tensor3D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'

/** Whose picture every example sees: numbers, or an int32 tensor `[batch]`, whose values are not read. */
export type Partners = ArrayLike<number> | Tensor1D

/**
 * The image states every example sees after the exchange: those of its partner.
 *
 * @param states C, `[batch, tokens, hidden]`
 * @param partners the partner's index per example, as `chooseExchanges` gives them
 * @returns `[batch, tokens, hidden]`
 * @throws InvalidArgumentError for a number of partners that is not the batch, or an index outside it.
 */
export function swapNegatives(states: Tensor3D, partners: Partners): Tensor3D {
  assertShape('states', states, ['batch', 'tokens', 'hidden'])
  assertPartners(partners, states.shape[0])
  return takeRows(states, partners)
}

/** Refuses partners that are not one index of the batch per example. */
export function assertPartners(partners: Partners, batch: number): void {
  if (partners instanceof tf.Tensor) {
    assertShape('partners', partners, [batch])
    assertDtype('partners', partners, 'int32')
    return
  }
  const isIndex = (index: number): boolean => Number.isInteger(index) && index >= 0 && index < batch
  if (partners.length !== batch || !Array.from(partners).every(isIndex)) {
    throw new InvalidArgumentError({
      argument: 'partners',
      rule: `must be ${batch} indices from 0 to ${batch - 1}, one per example`,
      received: `[${Array.from(partners).join(', ')}]`,
    })
  }
}
