/** Scales gradients in place so that no norm passes a limit; returns the global norm before scaling. */
export type Clipping = (gradients: readonly Float32Array[]) => number

function norm(values: Float32Array): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]! * values[i]!
  return Math.sqrt(sum)
}

function scale(values: Float32Array, factor: number): void {
  for (let i = 0; i < values.length; i++) values[i] = values[i]! * factor
}

/** Where a norm is at its limit torch still divides by `norm + 1e-6`; the published trajectory depends on it. */
const CLIP_EPSILON = 1e-6

const factorFor = (length: number, limit: number): number => Math.min(1, limit / (length + CLIP_EPSILON))

/** Clips all gradients together, so that their direction stays (Pascanu et al. 2013). */
export function clipByGlobalNorm(limit = 1): Clipping {
  return gradients => {
    const total = Math.hypot(...gradients.map(norm))
    const factor = factorFor(total, limit)
    if (factor < 1) for (const gradient of gradients) scale(gradient, factor)
    return total
  }
}

/** Clips each tensor by its own norm, as the published code does. */
export function clipPerTensor(limit = 1): Clipping {
  return gradients => {
    const norms = gradients.map(norm)
    for (const [i, gradient] of gradients.entries()) {
      const factor = factorFor(norms[i]!, limit)
      if (factor < 1) scale(gradient, factor)
    }
    return Math.hypot(...norms)
  }
}
