import { InvalidArgumentError } from '@mafjs/tensor/errors'
import { permutation } from '@mafjs/tensor/random'
import { ROUNDING, type SignificanceOptions } from './significance'

/** Mean and sample standard deviation, which one value alone does not have. */
export interface Spread {
  mean: number
  /** With `n - 1`; null for one value. */
  deviation: number | null
}

/** What runs of two models with several seeds each say. */
export interface SeedTest {
  a: Spread
  b: Spread
  /** `b.mean - a.mean` */
  difference: number
  /** How many ways of dealing the runs out to the two models give means at least as far apart, two-sided. */
  p: number
  /** The smallest `p` that so few runs can give. */
  floor: number
  /** Ways that were tried. */
  splits: number
  /** Whether these are all there are; else they were drawn, and `p` is `(r + 1) / (splits + 1)`. */
  exact: boolean
}

/** Beyond this many ways of dealing runs out, they are drawn: ten runs against ten have 184756. */
const MOST_SPLITS = 200_000

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)

/** Mean and deviation of at least one value. */
export function spreadOf(values: readonly number[]): Spread {
  const mean = sumOf(values) / values.length
  if (values.length < 2) return { mean, deviation: null }
  const squares = sumOf(values.map(value => (value - mean) ** 2))
  return { mean, deviation: Math.sqrt(squares / (values.length - 1)) }
}

/** `n` over `k`. */
function binomial(n: number, k: number): number {
  let ways = 1
  for (let i = 1; i <= k; i++) ways = (ways * (n - k + i)) / i
  return Math.round(ways)
}

/** The sum of every choice of `count` values. */
function* sumsOfChoices(values: readonly number[], count: number, from = 0): Generator<number> {
  if (count === 0) {
    yield 0
    return
  }
  for (let first = from; first <= values.length - count; first++) {
    for (const rest of sumsOfChoices(values, count - 1, first + 1)) yield values[first]! + rest
  }
}

/**
 * The permutation test of the difference of two means over seeds: were the runs of one kind, any of them could have been
 * `a`'s as well. Source: Fisher, "The design of experiments", 1935.
 *
 * @param scores of every run, e.g. F1 from 0 to 1
 * @throws InvalidArgumentError for a model without runs.
 */
export function seedTest(
  { a, b }: { a: readonly number[]; b: readonly number[] },
  { rounds = 10_000, seed = 37 }: SignificanceOptions = {},
): SeedTest {
  for (const [argument, runs] of Object.entries({ a, b })) {
    if (runs.length === 0)
      throw new InvalidArgumentError({ argument, rule: 'must have a run', received: 'none' })
  }
  const [meanA, meanB] = [spreadOf(a), spreadOf(b)]
  const difference = meanB.mean - meanA.mean
  const all = [...a, ...b]
  const total = sumOf(all)
  const isAsFar = (sumA: number): boolean =>
    Math.abs((total - sumA) / b.length - sumA / a.length) >= Math.abs(difference) - ROUNDING
  const ways = binomial(all.length, a.length)
  const spreads = { a: meanA, b: meanB, difference }
  let asFar = 0
  if (ways <= MOST_SPLITS) {
    for (const sum of sumsOfChoices(all, a.length)) if (isAsFar(sum)) asFar++
    // With as many runs on either side each split has its mirror image, which is as far.
    const floor = (a.length === b.length ? 2 : 1) / ways
    return { ...spreads, p: asFar / ways, floor, splits: ways, exact: true }
  }
  for (let round = 0; round < rounds; round++) {
    const order = permutation(all.length, { seed, step: round, site: 'evaluate.seedTest' })
    if (isAsFar(sumOf(order.slice(0, a.length).map(run => all[run]!)))) asFar++
  }
  const floor = 1 / (rounds + 1)
  return { ...spreads, p: (asFar + 1) / (rounds + 1), floor, splits: rounds, exact: false }
}
