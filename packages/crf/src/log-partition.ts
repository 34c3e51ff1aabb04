import { forwardSums } from './forward-backward'
import type { Lattice } from './lattice'

/**
 * The logarithm of the summed exponential scores of all legal paths of every sentence; `exp(score - logPartition)` is
 * the probability of a path, and the difference of two lattices' is that of what one of them forbids.
 *
 * @returns `[batch]`; 0 for a sentence of length 0
 * @throws InvalidArgumentError when the constraints leave a sentence no path at all.
 */
export function crfLogPartition(lattice: Lattice): number[] {
  return lattice.lengths.map((length, sentence) =>
    length === 0 ? 0 : forwardSums(lattice, sentence).logPartition,
  )
}
