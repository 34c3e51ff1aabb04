import { largestDeviation, largestValue } from '../golden/comparison'

/** One step's losses and gradients as someone has computed them. */
export interface ComputedStep {
  losses: Readonly<Record<string, number>>
  gradients: Readonly<Record<string, ArrayLike<number>>>
}

/** One step on two engines, and in float64. */
export interface ComparedStep {
  compiled: ComputedStep
  eager: ComputedStep
  exact: ComputedStep
}

/** How far the engines are apart in one loss or gradient; everything as a share of its largest number. */
export interface Deviation {
  /** `loss NAME` or `gradient NAME`. */
  name: string
  /** Between the engines. */
  share: number
  /** Of the compiled engine from float64. */
  compiledError: number
  /** Of the eager engine from float64. */
  eagerError: number
  /** Whether it is zero by the mathematics: then everything is a share of the norm of all gradients. */
  isZero: boolean
  /**
   * How far the eager engine alone moves when the last bits of the parameters are others, where that was asked: the root
   * mean square of a few draws.
   */
  noise?: number
}

/** So many times as much as another one of the same numbers may a float32 sum round, and chance move it. */
export const AS_NEAR = 4

/** Whether rounding explains how far the compiled engine is from float64, given how far the eager one is. */
export const isRounding = (compiledError: number, eagerError: number): boolean =>
  compiledError <= AS_NEAR * eagerError

/**
 * Whether the engines are no farther apart than the eager engine moves by chance. The largest of a few draws would not do as
 * the bound: one more draw of the same chance, which a sound engine is, exceeds the largest of four in one case of five.
 */
export const isChance = (share: number, noise = 0): boolean => share <= AS_NEAR * noise

/** Below this share of the norm of all gradients, one in float64 is rounding. */
const ZERO_SHARE = 1e-12

function normOf(gradients: ComputedStep['gradients']): number {
  let squares = 0
  for (const values of Object.values(gradients))
    for (let i = 0; i < values.length; i++) squares += values[i]! ** 2
  return Math.sqrt(squares)
}

/**
 * The deviations of every loss and gradient of a step.
 *
 * @throws Error where one engine has a gradient that the other has not.
 */
export function deviationsOf({ compiled, eager, exact }: ComparedStep): Deviation[] {
  const names = Object.keys(exact.gradients).sort()
  for (const { gradients } of [compiled, eager]) {
    if (Object.keys(gradients).sort().join() === names.join()) continue
    throw new Error('The engines have gradients of different parameters.')
  }
  const norm = normOf(exact.gradients)
  const compare = (name: string, valuesOf: (step: ComputedStep) => ArrayLike<number>): Deviation => {
    const [ours, theirs, truth] = [valuesOf(compiled), valuesOf(eager), valuesOf(exact)]
    const isZero = largestValue(truth) < ZERO_SHARE * norm
    const share = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
      const difference = largestDeviation(a, b)
      return difference === 0 ? 0 : difference / (isZero ? norm : largestValue(truth))
    }
    return {
      name,
      share: share(ours, theirs),
      compiledError: share(ours, truth),
      eagerError: share(theirs, truth),
      isZero,
    }
  }
  return [
    ...Object.keys(exact.losses).map(name => compare(`loss ${name}`, ({ losses }) => [losses[name]!])),
    ...names.map(name => compare(`gradient ${name}`, ({ gradients }) => gradients[name]!)),
  ]
}
