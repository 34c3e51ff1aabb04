import type { ParameterStore } from './parameter-store'

/** Adds up the gradients of several batches that make one step. */
export interface GradientSums {
  /** Adds the store's gradients of some parameters, times a weight. */
  add(parameters: readonly string[], weight: number): void
  /**
   * Puts the sums into the store and begins anew.
   *
   * @returns for each parameter whether it has a gradient (1 or 0); nothing where nothing was added
   */
  take(): Uint8Array | undefined
  /** Begins anew. */
  clear(): void
}

/** Sums of a store's gradients; their memory is made when it is first needed. */
export function createGradientSums(store: ParameterStore): GradientSums {
  let sums: Float32Array | undefined
  let present: Uint8Array | undefined
  return {
    add(parameters, weight) {
      sums ??= new Float32Array(store.length)
      present ??= new Uint8Array(store.parameters.length)
      for (const name of parameters) {
        const { index, offset, gradients } = store.get(name)
        const own = sums.subarray(offset, offset + gradients.length)
        if (present[index]) for (let i = 0; i < own.length; i++) own[i]! += weight * gradients[i]!
        else for (let i = 0; i < own.length; i++) own[i] = weight * gradients[i]!
        present[index] = 1
      }
    },
    take() {
      const taken = present
      if (taken && sums) store.gradients.set(sums)
      present = undefined
      return taken
    },
    clear() {
      present = undefined
    },
  }
}
