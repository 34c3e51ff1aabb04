/**
 * Turns the norms of the parameters' gradients into the factors that the gradients are to be multiplied by, at most 1.
 *
 * @param norms one for each parameter, 0 for one without a gradient; only read
 * @param factors one for each parameter; written
 */
export type Clipping = (norms: Float64Array, factors: Float64Array) => void

/** Where a norm is at its limit torch still divides by `norm + 1e-6`; the published trajectory depends on it. */
const CLIP_EPSILON = 1e-6

const factorFor = (norm: number, limit: number): number => Math.min(1, limit / (norm + CLIP_EPSILON))

/** The norm of gradients together, from the norms of each. */
export function globalNorm(norms: Float64Array): number {
  let sum = 0
  for (let i = 0; i < norms.length; i++) sum += norms[i]! * norms[i]!
  return Math.sqrt(sum)
}

/** Clips all gradients together, so that their direction stays (Pascanu et al. 2013). */
export function clipByGlobalNorm(limit = 1): Clipping {
  return (norms, factors) => {
    factors.fill(factorFor(globalNorm(norms), limit))
  }
}

/** Clips each tensor by its own norm, as the published code does. */
export function clipPerTensor(limit = 1): Clipping {
  return (norms, factors) => {
    for (let i = 0; i < norms.length; i++) factors[i] = factorFor(norms[i]!, limit)
  }
}

/** Leaves every gradient as it is. */
export function noClipping(): Clipping {
  return (_, factors) => {
    factors.fill(1)
  }
}
