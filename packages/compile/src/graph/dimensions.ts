import type { Dimension } from './onnx-graph'

/**
 * The symbolic dimensions of a recording: each was recorded as a prime, and a length that the prime divides is a
 * multiple of the dimension. Source of the idea: ours (`docs/decisions/0009-compile.md`).
 */
export type Primes = ReadonlyMap<string, number>

/** Begins what a graph says of a length that no product of dimensions gives. */
const UNNAMED = 'unnamed '

/** A length as a product of symbolic dimensions and a number. */
export interface Factors {
  dimensions: readonly string[]
  factor: number
}

/** How the lengths of a recording are read. */
export interface Lengths {
  /** A length as a product of symbolic dimensions and a number. */
  factors(length: number): Factors
  /** A length as a graph shows it: a number, a dimension's name, or a product as a name of its own. */
  dimension(length: number): Dimension
}

/** Takes the primes out of a length. */
export function factorsOf(length: number, primes: Primes): Factors {
  const dimensions: string[] = []
  let factor = length
  if (factor !== 0) {
    for (const [name, prime] of primes) {
      while (factor % prime === 0) {
        dimensions.push(name)
        factor /= prime
      }
    }
  }
  return { dimensions, factor }
}

/**
 * Lengths with symbolic dimensions; those of `unnamed` change with the dimensions in another way than a product, and
 * all that a graph says of them is that they may be anything.
 */
export function symbolicLengths(primes: Primes, unnamed: ReadonlySet<number> = new Set()): Lengths {
  return {
    factors: length => factorsOf(length, primes),
    dimension(length) {
      const { dimensions, factor } = factorsOf(length, primes)
      if (dimensions.length > 0) return [...(factor === 1 ? [] : [factor]), ...dimensions].join('*')
      return unnamed.has(length) ? `${UNNAMED}${length}` : length
    },
  }
}

/** How long an axis is that a graph shows, where its dimensions have these lengths; what has no name is as long as it was recorded. */
export const lengthOf = (dimension: Dimension, lengths: ReadonlyMap<string, number>): number =>
  typeof dimension === 'number'
    ? dimension
    : dimension
        .split('*')
        .reduce((product, part) => product * (lengths.get(part) ?? Number(part.replace(UNNAMED, ''))), 1)

/** The same lengths where the dimensions have these values: nothing is symbolic any more. */
export function lengthsAt(primes: Primes, values: ReadonlyMap<string, number>): Lengths {
  const at = (length: number): number => {
    const { dimensions, factor } = factorsOf(length, primes)
    return dimensions.reduce((product, name) => product * values.get(name)!, factor)
  }
  return { factors: length => ({ dimensions: [], factor: at(length) }), dimension: at }
}
