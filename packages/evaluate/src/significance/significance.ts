import { assertSizes, InvalidArgumentError } from '@mafjs/tensor/errors'
import type { Counts } from '../entities/scores'
import { f1OfCounts, sumCounts } from '../entities/sentence-counts'

/** Two systems on the same sentences, in the same order. */
export interface PairedCounts {
  /** `[sentence]` */
  a: readonly Counts[]
  /** `[sentence]` */
  b: readonly Counts[]
}

/** How often chance is tried. */
export interface SignificanceOptions {
  /** Samples that are drawn. @default 10000 */
  rounds?: number | undefined
  /** The same seed draws the same samples on every machine. @default 37 */
  seed?: number | undefined
}

/** What every test of two systems says. */
export interface Significance {
  /** Micro F1 of both, from 0 to 1. */
  f1: { a: number; b: number }
  /** `f1.b - f1.a` */
  difference: number
  /** How likely so large a difference is by chance alone; which chance, the test says. */
  p: number
  rounds: number
  seed: number
}

/** Below this, two differences of F1 are equal but for rounding. */
export const ROUNDING = 1e-12

/** Refuses what cannot be compared sentence by sentence, and starts the result. */
export function observe(
  { a, b }: PairedCounts,
  { rounds = 10_000, seed = 37 }: SignificanceOptions,
): Omit<Significance, 'p'> {
  const refuse = (argument: string, rule: string, received: unknown): never => {
    throw new InvalidArgumentError({ argument, rule, received })
  }
  if (a.length === 0) refuse('a', 'must have at least one sentence', 'none')
  if (b.length !== a.length) refuse('b', `must have as many sentences as a, ${a.length}`, b.length)
  assertSizes({ rounds })
  if (!(Number.isSafeInteger(seed) && seed >= 0)) refuse('seed', 'must be a whole number, 0 or more', seed)
  const f1 = { a: f1OfCounts(sumCounts(a)), b: f1OfCounts(sumCounts(b)) }
  return { f1, difference: f1.b - f1.a, rounds, seed }
}

/** What F1 is made of, sentence after sentence: correct of a and b, then gold + predicted of a and b. */
export function packCounts({ a, b }: PairedCounts): Float64Array {
  const packed = new Float64Array(4 * a.length)
  for (const [sentence, one] of a.entries()) {
    const other = b[sentence]!
    packed[4 * sentence] = one.correct
    packed[4 * sentence + 1] = other.correct
    packed[4 * sentence + 2] = one.support + one.predicted
    packed[4 * sentence + 3] = other.support + other.predicted
  }
  return packed
}

/** `F1(b) - F1(a)` of summed counts. */
export function f1Difference(correctA: number, correctB: number, totalA: number, totalB: number): number {
  return (totalB === 0 ? 0 : (2 * correctB) / totalB) - (totalA === 0 ? 0 : (2 * correctA) / totalA)
}
