/** What plain Adam is computed with. */
export interface PlainAdamOptions {
  learningRate: number
  weightDecay: number
  epsilon: number
  /** Greatest norm of all gradients together. */
  limit: number
}

/** Adam with decoupled weight decay (Kingma and Ba 2015; Loshchilov and Hutter 2019) in 64 bits, by name. */
export function plainAdam(
  values: Record<string, Float64Array>,
  { learningRate, weightDecay, epsilon, limit }: PlainAdamOptions,
) {
  const zeros = (): Record<string, Float64Array> =>
    Object.fromEntries(Object.entries(values).map(([name, { length }]) => [name, new Float64Array(length)]))
  const [m, v] = [zeros(), zeros()]
  let step = 0
  return {
    /** Updates the values that have a gradient; gives the norm of all gradients before clipping. */
    update(gradients: Record<string, ArrayLike<number>>): number {
      step += 1
      const norm = Math.sqrt(
        Object.values(gradients).reduce(
          (sum, all) => sum + Array.from(all).reduce((s, g) => s + g * g, 0),
          0,
        ),
      )
      for (const [name, all] of Object.entries(gradients)) {
        const decay = /bias|LayerNorm/.test(name) ? 0 : weightDecay
        for (let i = 0; i < all.length; i++) {
          const g = all[i]! * Math.min(1, limit / norm)
          m[name]![i] = 0.9 * m[name]![i]! + 0.1 * g
          v[name]![i] = 0.999 * v[name]![i]! + 0.001 * g * g
          const mean = m[name]![i]! / (1 - 0.9 ** step)
          const root = Math.sqrt(v[name]![i]! / (1 - 0.999 ** step))
          values[name]![i]! -= learningRate * (mean / (root + epsilon) + decay * values[name]![i]!)
        }
      }
      return norm
    },
  }
}
