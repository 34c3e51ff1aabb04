import { largestDeviation, largestValue } from '../golden/comparison'

/** How far a number or tensor of one engine is from the other's. */
export interface Deviation {
  /** `loss NAME` or `gradient NAME`. */
  name: string
  /** The largest difference over the largest number of the tensor. */
  share: number
  /** Whether the tensor is nothing but rounding on both engines: then `share` is over the norm of all gradients. */
  isZero: boolean
}

/** A deviation beside one that is nobody's fault. */
export interface JudgedDeviation extends Deviation {
  /** How far one engine alone moves the tensor, as a share too, when the last bits of the parameters change. */
  noise: number
}

/** One step's losses and gradients as one engine has computed them. */
export interface ComputedStep {
  losses: Readonly<Record<string, number>>
  gradients: Readonly<Record<string, Float32Array>>
}

/** Below this share of the norm of all gradients, one is the rounding of one that is zero by the mathematics. */
export const ZERO_SHARE = 1e-6

/** Global norm of gradients. */
function normOf(gradients: ComputedStep['gradients']): number {
  let squares = 0
  for (const values of Object.values(gradients)) for (const value of values) squares += value * value
  return Math.sqrt(squares)
}

/**
 * Every loss and gradient of a step on two engines.
 *
 * @throws Error where one engine has a gradient that the other has not.
 */
export function deviationsOf(actual: ComputedStep, expected: ComputedStep): Deviation[] {
  const names = Object.keys(expected.gradients).sort()
  if (Object.keys(actual.gradients).sort().join() !== names.join()) {
    throw new Error('The engines have gradients of different parameters.')
  }
  const norm = normOf(expected.gradients)
  const losses = Object.entries(expected.losses).map(([name, loss]): Deviation => {
    const difference = Math.abs(actual.losses[name]! - loss)
    return { name: `loss ${name}`, share: difference === 0 ? 0 : difference / Math.abs(loss), isZero: false }
  })
  const gradients = names.map((name): Deviation => {
    const [ours, theirs] = [actual.gradients[name]!, expected.gradients[name]!]
    const difference = largestDeviation(ours, theirs)
    const largest = largestValue(theirs)
    const isZero = Math.max(largest, largestValue(ours)) < ZERO_SHARE * norm
    const scale = isZero ? norm : largest
    return { name: `gradient ${name}`, share: difference === 0 ? 0 : difference / scale, isZero }
  })
  return [...losses, ...gradients]
}
