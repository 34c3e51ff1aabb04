import { forwardBackward } from './forward-backward'
import type { Lattice } from './lattice'

/**
 * The probability of every label at every position, over the legal paths only: `exp(forward + backward - log Z)`
 * (Rabiner 1989, eq. 27).
 *
 * @returns `[sentence][position][label]`, padding removed; what the constraints forbid is exactly 0
 * @throws InvalidArgumentError when the constraints leave a sentence no path at all.
 */
export function crfMarginals(lattice: Lattice): number[][][] {
  const { labels } = lattice
  return lattice.lengths.map((length, sentence) => {
    if (length === 0) return []
    const { forward, backward, logPartition } = forwardBackward(lattice, sentence)
    return Array.from({ length }, (_, position) =>
      Array.from({ length: labels }, (_, label) => {
        const i = position * labels + label
        return Math.min(1, Math.exp(forward[i]! + backward[i]! - logPartition))
      }),
    )
  })
}
