import type { ParameterStore } from '../../src/training/parameter-store'

/** What the formula is to be computed with. */
export interface SlowOptions {
  rates: (step: number) => number
  weightDecay: number
  epsilon: number
  isCorrected: boolean
  limit: number
  isClippedTogether: boolean
}

/** Adam as its paper has it, in 64 bits throughout, one number after another. */
export function slowAdam(
  { parameters }: ParameterStore,
  { rates, weightDecay, epsilon, isCorrected, limit, isClippedTogether }: SlowOptions,
) {
  const states = parameters.map(({ values, size }) => ({
    values: Float64Array.from(values),
    m: new Float64Array(size),
    v: new Float64Array(size),
  }))
  let step = 0
  return {
    states,
    update(): void {
      const norms = parameters.map(({ gradients }) => Math.hypot(...Array.from(gradients)))
      const together = Math.hypot(...norms)
      const rate = rates(step)
      step += 1
      for (const [index, { name, gradients }] of parameters.entries()) {
        const { values, m, v } = states[index]!
        const factor = Math.min(1, limit / ((isClippedTogether ? together : norms[index]!) + 1e-6))
        const decay = /bias|LayerNorm/.test(name) ? 0 : weightDecay
        for (const [i, raw] of gradients.entries()) {
          const g = raw * factor
          m[i] = 0.9 * m[i]! + 0.1 * g
          v[i] = 0.999 * v[i]! + 0.001 * g * g
          const mean = isCorrected ? m[i]! / (1 - 0.9 ** step) : m[i]!
          const square = isCorrected ? v[i]! / (1 - 0.999 ** step) : v[i]!
          values[i]! -= rate * (mean / (Math.sqrt(square) + epsilon) + decay * values[i]!)
        }
      }
    },
  }
}
