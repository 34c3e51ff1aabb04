import { InvalidArgumentError } from '@mafjs/tensor'
import type { Primes } from '../graph/dimensions'

function isPrime(number: number): boolean {
  for (let divisor = 2; divisor * divisor <= number; divisor++) if (number % divisor === 0) return false
  return number > 1
}

/** Large enough to divide no width of a model by accident, small enough for a record of that length to fit memory. */
const USUAL = 1009

/** What lengths are chosen by. */
export interface ChooseOptions {
  /** Lengths and numbers that the program has anyway. */
  taken: Iterable<number>
  /** The greatest length a dimension may have, where the program checks it. */
  largest: Readonly<Record<string, number>>
}

/**
 * A prime for every symbolic dimension that divides none of the `taken` numbers.
 *
 * @throws InvalidArgumentError where none is left up to the greatest length of a dimension.
 */
export function choosePrimes(dimensions: readonly string[], { taken, largest }: ChooseOptions): Primes {
  const primes = new Map<string, number>()
  const numbers = [...taken].filter(number => number !== 0)
  const isFree = (prime: number): boolean =>
    isPrime(prime) && ![...primes.values()].includes(prime) && numbers.every(number => number % prime !== 0)
  for (const name of dimensions) {
    const limit = largest[name]
    let candidate = limit ?? USUAL
    while (!isFree(candidate)) {
      candidate += limit === undefined ? 1 : -1
      if (candidate < 2) throw tooSmall(name, limit)
    }
    primes.set(name, candidate)
  }
  return primes
}

/**
 * Lengths to check a program with that was recorded under primes: even ones, since nearly all primes are odd, and far
 * smaller or far larger than those. None is `taken`.
 */
export function checkLengths(
  dimensions: readonly string[],
  size: 'small' | 'large',
  { taken, largest }: ChooseOptions,
): Map<string, number> {
  const lengths = new Map<string, number>()
  const used = new Set(taken)
  for (const name of dimensions) {
    const limit = largest[name] ?? Number.MAX_SAFE_INTEGER
    const from = size === 'small' ? 20 : 1020
    // Below the limit: a table of so many rows, read whole, would be another program.
    let candidate = Math.min(from, limit - (limit % 2 === 0 ? 2 : 1))
    const by = candidate < from ? -2 : 4
    while (used.has(candidate) || candidate > limit) {
      candidate += by
      if (candidate < 2 || candidate > limit) throw tooSmall(name, limit)
    }
    used.add(candidate)
    lengths.set(name, candidate)
  }
  return lengths
}

const tooSmall = (name: string, limit: number | undefined): InvalidArgumentError =>
  new InvalidArgumentError({
    argument: `dynamic.largest.${name}`,
    rule: 'must leave room to tell the dimension from the other lengths of the program',
    received: limit,
    fix: 'Raise it, or compile for fixed shapes: so few need no dimension of any length.',
  })
