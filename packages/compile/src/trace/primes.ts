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
 * @throws NoRoomError where none is left up to the greatest length of a dimension.
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
      if (candidate < 2) throw new NoRoomError(name, limit)
    }
    primes.set(name, candidate)
  }
  return primes
}

/** Of a check length that is even: twice a prime from here on, so that few other primes divide it. */
const HALVES = { small: 11, large: 509 } as const

/** A limit below this leaves so few primes that no check length of another dimension may be a multiple of one. */
const TIGHT = 64

/**
 * Lengths to check a program with that was recorded under primes: even ones, since nearly all primes are odd, and far
 * smaller or far larger than those. None is `taken`, and none the greatest of its dimension: a table of so many rows, read
 * whole, would be another program.
 *
 * @throws NoRoomError where none is left below the greatest length of a dimension.
 */
export function checkLengths(
  dimensions: readonly string[],
  size: 'small' | 'large',
  { taken, largest }: ChooseOptions,
): Map<string, number> {
  const lengths = new Map<string, number>()
  const used = new Set(taken)
  const limitOf = (name: string): number => largest[name] ?? Number.MAX_SAFE_INTEGER
  const half = Math.max(HALVES[size], ...Object.values(largest).filter(limit => limit < TIGHT))
  // Those with little room choose first.
  for (const name of [...dimensions].sort((a, b) => limitOf(a) - limitOf(b))) {
    const limit = limitOf(name)
    let length: number | undefined
    for (const candidate of evenLengths(half, limit)) {
      if (!used.has(candidate)) {
        length = candidate
        break
      }
    }
    if (length === undefined) throw new NoRoomError(name, limit)
    used.add(length)
    lengths.set(name, length)
  }
  return lengths
}

/** Even lengths below a limit: twice the primes from `half` on, then all others from the greatest down. */
function* evenLengths(half: number, limit: number): Iterable<number> {
  let prime = half
  for (; 2 * prime < limit; prime++) if (isPrime(prime)) yield 2 * prime
  for (let length = Math.ceil(limit / 2) * 2 - 2; length >= 2; length -= 2) yield length
}

/** Thrown where the lengths that a dimension may have are too few to tell it from the other lengths of a program. */
export class NoRoomError extends InvalidArgumentError {
  constructor(
    readonly dimension: string,
    limit: number | undefined,
  ) {
    super({
      argument: `dynamic.largest.${dimension}`,
      rule: 'must leave room to tell the dimension from the other lengths of the program',
      received: limit,
      fix: 'Raise it, or give the dimension a fixed length: so few need no program of any length.',
    })
  }
}
