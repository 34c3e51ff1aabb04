import { InvalidArgumentError } from '@mafjs/tensor'
import { type Clipping, globalNorm } from './clipping'
import type { ParameterStore } from './parameter-store'
import type { Schedule } from './schedules'
import { kernelArrays } from './update-kernel'

/** What one update did. */
export interface FlatUpdateReport {
  /** False where a gradient is not finite: then nothing was changed, and the next update is still this one. */
  applied: boolean
  /** Of this update, for parameters without a rate of their own. */
  learningRate: number
  /** Norm of all gradients together before clipping. */
  gradientNorm: number
  /**
   * For each parameter, in the store's order, whether its gradient had a number other than 0 (1 or 0). The same array
   * every time: the next update overwrites it.
   */
  reached: Uint8Array
}

/** Everything an optimiser remembers; copying another's numbers into it goes on from there. */
export interface OptimizerState {
  /** Updates applied. */
  step: number
  /** Running means of the gradients, in the order of the store's flat arrays. */
  readonly firstMoments: Float32Array
  /** Running means of their squares. */
  readonly secondMoments: Float32Array
}

/** An optimiser over a parameter store. */
export interface FlatOptimizer {
  readonly state: OptimizerState
  /**
   * Updates the store's values in place from its gradients, which stay as they are.
   *
   * @param present for each parameter, in the store's order, whether it has a gradient at all (1 or 0); one without
   * stays as it is, where one whose gradient is all zeros still decays. @default all have one
   * @throws InvalidArgumentError when `present` is not as long as the store has parameters.
   */
  update(present?: Uint8Array): FlatUpdateReport
}

/** What tells a group of parameters from the others. */
export interface ParameterRates {
  /** The group's highest learning rate. @default the optimiser's */
  learningRate?: number
  /** The decay of those of the group that decay at all. @default the optimiser's */
  weightDecay?: number
}

/** What both optimisers take. */
export interface OptimizerOptions {
  learningRate: number
  schedule: Schedule
  clipping: Clipping
  /** Share of a value, times the learning rate, that goes at every update. @default 0.01 */
  weightDecay?: number | undefined
  /** Which parameters decay, by name. @default all but biases and layer norms */
  isDecayed?: ((name: string) => boolean) | undefined
  /** What a parameter has of its own, by name. @default nothing: all are alike */
  groupOf?: ((name: string) => ParameterRates | undefined) | undefined
  /** How much of the mean of the gradients stays at every update. @default 0.9 */
  beta1?: number | undefined
  /** The same of the mean of their squares. @default 0.999 */
  beta2?: number | undefined
  /** Added to the root of the mean square. */
  epsilon?: number | undefined
}

/** What tells the variants of Adam apart. */
export interface FlatOptimizerOptions extends OptimizerOptions {
  epsilon: number
  /** Whether the moments are corrected for starting from zero. */
  biasCorrection: boolean
}

/** Biases and layer norms are not decayed; everything else is, CRF transitions included. */
export const isDecayedByDefault = (name: string): boolean => !/bias|LayerNorm/.test(name)

const vectorEnd = (end: number): number => Math.ceil(end / 4) * 4

/** Stores whose moments an optimiser keeps. */
const taken = new WeakSet<ParameterStore>()

function take(store: ParameterStore): void {
  if (taken.has(store)) {
    throw new InvalidArgumentError({
      argument: 'store',
      rule: 'must have no optimiser yet, since its memory holds the moments of one',
      received: 'a store with an optimiser',
      fix: 'Make another store of these parameters.',
    })
  }
  taken.add(store)
}

/**
 * Adam with decoupled weight decay in two loops over flat memory: one for the norms, one that clips, updates the moments
 * and the values. Both are vector code in 32 bits, four numbers at a time; per-step factors are computed in 64 bits.
 * After creation it allocates nothing but its report.
 *
 * @throws InvalidArgumentError for a store that has an optimiser.
 */
export function createFlatOptimizer(
  store: ParameterStore,
  {
    learningRate,
    schedule,
    clipping,
    weightDecay = 0.01,
    isDecayed = isDecayedByDefault,
    groupOf = () => undefined,
    beta1 = 0.9,
    beta2 = 0.999,
    epsilon,
    biasCorrection,
  }: FlatOptimizerOptions,
): FlatOptimizer {
  take(store)
  const { parameters, length, kernel, gradients } = store
  const { firstMoments, secondMoments } = kernelArrays(kernel, length)
  const distance = gradients.byteOffset - store.values.byteOffset
  const decays = Float64Array.from(parameters, ({ name }) =>
    isDecayed(name) ? (groupOf(name)?.weightDecay ?? weightDecay) : 0,
  )
  const rates = Float64Array.from(parameters, ({ name }) => groupOf(name)?.learningRate ?? learningRate)
  const norms = new Float64Array(parameters.length)
  const factors = new Float64Array(parameters.length)
  const reached = new Uint8Array(parameters.length)
  const all = new Uint8Array(parameters.length).fill(1)
  const state = { step: 0, firstMoments, secondMoments }

  const measure = (present: Uint8Array): number => {
    for (const { index, offset, size, gradients: own } of parameters) {
      norms[index] = 0
      if (present[index] && size > 0) {
        // The kernel works on four numbers at a time: those behind the last belong to none and must not count.
        const end = vectorEnd(offset + size)
        gradients.fill(0, offset + size, end)
        norms[index] = Math.sqrt(kernel.sumOfSquares(own.byteOffset, gradients.byteOffset + 4 * end))
      }
      reached[index] = norms[index] > 0 ? 1 : 0
    }
    return globalNorm(norms)
  }

  const apply = (present: Uint8Array, factor: number): void => {
    const correction1 = biasCorrection ? 1 - beta1 ** (state.step + 1) : 1
    const correction2 = biasCorrection ? Math.sqrt(1 - beta2 ** (state.step + 1)) : 1
    for (const { index, offset, size, values } of parameters) {
      if (!present[index] || size === 0) continue
      const rate = rates[index]! * factor
      kernel.update(
        values.byteOffset,
        store.values.byteOffset + 4 * vectorEnd(offset + size),
        distance,
        factors[index]!,
        1 - beta1,
        1 - beta2,
        // m / c1 / (sqrt(v) / c2 + e) with the corrections moved out of the loop.
        (rate * correction2) / correction1,
        epsilon * correction2,
        rate * decays[index]!,
      )
    }
  }

  return {
    state,
    update(present = all) {
      if (present.length !== parameters.length) {
        throw new InvalidArgumentError({
          argument: 'present',
          rule: `must have one number for each of the store's ${parameters.length} parameters`,
          received: present.length,
        })
      }
      const gradientNorm = measure(present)
      const factor = schedule(state.step)
      const applied = Number.isFinite(gradientNorm)
      if (applied) {
        clipping(norms, factors)
        apply(present, factor)
        state.step += 1
      } else reached.fill(0)
      return { applied, learningRate: learningRate * factor, gradientNorm, reached }
    },
  }
}
