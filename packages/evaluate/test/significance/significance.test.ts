import { normal, uniform } from '@mafjs/tensor/random'
import { describe, expect, it } from 'vitest'
import type { Counts } from '../../src/entities/scores'
import { approximateRandomization } from '../../src/significance/approximate-randomization'
import { pairedBootstrap } from '../../src/significance/paired-bootstrap'

const one = (support: number, predicted: number, correct: number): Counts => ({
  support,
  predicted,
  correct,
})

const A = [one(2, 2, 1), one(1, 0, 0), one(1, 2, 1), one(3, 3, 1), one(0, 1, 0), one(2, 1, 1)]
const B = [one(2, 2, 2), one(1, 1, 1), one(1, 1, 0), one(3, 2, 2), one(0, 0, 0), one(2, 2, 2)]

const f1 = (counts: readonly Counts[]): number => {
  const sum = (field: keyof Counts): number => counts.reduce((total, count) => total + count[field], 0)
  const entities = sum('support') + sum('predicted')
  return entities === 0 ? 0 : (2 * sum('correct')) / entities
}

/** Every one of `base ** digits` words of digits. */
function* words(base: number, digits: number): Generator<number[]> {
  for (let number = 0; number < base ** digits; number++) {
    yield Array.from({ length: digits }, (_, digit) => Math.floor(number / base ** digit) % base)
  }
}

/** Four standard deviations of a share that is drawn so often. */
const fourDeviations = (p: number, rounds: number): number => 4 * Math.sqrt((p * (1 - p)) / rounds)

const ROUNDS = 40_000

describe('approximateRandomization', () => {
  it('comes to what all swaps give', () => {
    const observed = Math.abs(f1(B) - f1(A))
    let asLarge = 0
    let all = 0
    for (const swaps of words(2, A.length)) {
      const first = A.map((own, i) => (swaps[i] ? B[i]! : own))
      const second = B.map((own, i) => (swaps[i] ? A[i]! : own))
      if (Math.abs(f1(second) - f1(first)) >= observed - 1e-9) asLarge++
      all++
    }
    const exact = asLarge / all
    expect(exact).toBeGreaterThan(0.05)
    expect(exact).toBeLessThan(0.6)
    const result = approximateRandomization({ a: A, b: B }, { rounds: ROUNDS })
    expect(Math.abs(result.p - exact)).toBeLessThan(fourDeviations(exact, ROUNDS))
    expect(result.difference).toBeCloseTo(f1(B) - f1(A), 14)
  })

  it('is a binomial test where every sentence counts alike, beyond one word of coins', () => {
    // 24 of 40 sentences speak for b, 16 for a; as many of them by chance: P(|24 - 16| <= |2 k - 40|), k of 40 heads.
    const [won, lost] = [one(1, 1, 1), one(1, 1, 0)]
    const isForB = (i: number): boolean => i < 16 || i >= 32
    const a = Array.from({ length: 40 }, (_, i) => (isForB(i) ? lost : won))
    const b = a.map(count => (count === won ? lost : won))
    let ways = 1
    let exact = 0
    for (let k = 0; k <= 40; k++) {
      if (Math.abs(2 * k - 40) >= 8) exact += ways / 2 ** 40
      ways = (ways * (40 - k)) / (k + 1)
    }
    const { p } = approximateRandomization({ a, b }, { rounds: ROUNDS })
    expect(Math.abs(p - exact)).toBeLessThan(fourDeviations(exact, ROUNDS))
  })

  it('finds two equal systems equal, and never a p of 0', () => {
    expect(approximateRandomization({ a: A, b: A }, { rounds: 50 }).p).toBe(1)
    const bad = Array.from({ length: 60 }, () => one(1, 1, 0))
    const good = bad.map(() => one(1, 1, 1))
    expect(approximateRandomization({ a: bad, b: good }, { rounds: 999 }).p).toBe(1 / 1000)
  })

  it('leaves the sentences that are equal out of the swaps, whatever there are of them', () => {
    const padded = (counts: Counts[]): Counts[] => [...counts, ...new Array<Counts>(70).fill(one(0, 0, 0))]
    const short = approximateRandomization({ a: A, b: B }, { rounds: 500 })
    expect(approximateRandomization({ a: padded(A), b: padded(B) }, { rounds: 500 })).toEqual(short)
  })
})

describe('pairedBootstrap', () => {
  it('comes to what all samples give', () => {
    const [a, b] = [A.slice(0, 5), B.slice(0, 5)]
    const observed = f1(b) - f1(a)
    expect(observed).toBeGreaterThan(0)
    const differences: number[] = []
    for (const places of words(5, 5)) {
      differences.push(f1(places.map(i => b[i]!)) - f1(places.map(i => a[i]!)))
    }
    const exact =
      differences.filter(difference => difference > 2 * observed + 1e-9).length / differences.length
    expect(exact).toBeGreaterThan(0.02)
    const result = pairedBootstrap({ a, b }, { rounds: ROUNDS })
    expect(Math.abs(result.p - exact)).toBeLessThan(fourDeviations(exact, ROUNDS))
    // The worse system first: the same question, and the same answer.
    const turned = pairedBootstrap({ a: b, b: a }, { rounds: ROUNDS })
    expect(turned.p).toBe(result.p)
    expect(turned.interval).toEqual([-result.interval[1], -result.interval[0]])
    // A share of at least 2.5 % lies at or outside either end, and not much more strictly outside.
    const [low, high] = result.interval
    const share = (outside: (value: number) => boolean): number =>
      differences.filter(outside).length / differences.length
    const slack = fourDeviations(0.025, ROUNDS)
    for (const [weak, strict] of [
      [share(value => value <= low + 1e-9), share(value => value < low - 1e-9)],
      [share(value => value >= high - 1e-9), share(value => value > high + 1e-9)],
    ] as const) {
      expect(weak).toBeGreaterThan(0.025 - slack)
      expect(strict).toBeLessThan(0.025 + slack)
    }
  })

  it('agrees with the normal distribution where there are many sentences', () => {
    // F1 is here a share of right answers, so that the difference is a mean and its spread known in closed form.
    const draws = uniform(2000, { seed: 2, site: 'test' })
    const right = (threshold: number) =>
      Array.from({ length: 1000 }, (_, i) =>
        one(1, 1, draws[2 * i + (threshold > 0.5 ? 1 : 0)]! < threshold ? 1 : 0),
      )
    const a = right(0.5)
    const b = right(0.54)
    const gains = a.map(({ correct }, i) => b[i]!.correct - correct)
    const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length
    const deviation = Math.sqrt(gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0)) / gains.length
    const { difference, interval, p } = pairedBootstrap({ a, b })
    expect(difference).toBeCloseTo(mean, 12)
    expect(interval[0]).toBeCloseTo(mean - 1.96 * deviation, 2)
    expect(interval[1]).toBeCloseTo(mean + 1.96 * deviation, 2)
    const tail = 0.5 * (1 - erf(mean / deviation / Math.SQRT2))
    expect(Math.abs(p - tail)).toBeLessThan(0.02)
  })

  it('has nothing to say where nothing differs', () => {
    expect(pairedBootstrap({ a: A, b: A }, { rounds: 20 })).toMatchObject({ p: 1, interval: [0, 0] })
  })
})

/** Abramowitz and Stegun 7.1.26, to 1.5e-7. */
function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * x)
  const terms = [0.254829592, -0.284496736, 1.421413741, -1.453152027, 1.061405429]
  return 1 - terms.reduceRight((sum, term) => (sum + term) * t, 0) * Math.exp(-x * x)
}

describe('both tests', () => {
  it('cry wolf as often as they say where two systems are equally good', () => {
    const trials = 400
    const sentences = 120
    const ps = { bootstrap: [] as number[], randomization: [] as number[] }
    for (let trial = 0; trial < trials; trial++) {
      const draws = uniform(3 * sentences, { seed: trial, site: 'null' })
      const system = (which: number): Counts[] =>
        Array.from({ length: sentences }, (_, i) => {
          const support = 1 + Math.floor(draws[3 * i]! * 3)
          return one(support, support, Math.floor(draws[3 * i + which]! * (support + 1)))
        })
      const pair = { a: system(1), b: system(2) }
      ps.bootstrap.push(2 * pairedBootstrap(pair, { rounds: 200, seed: trial }).p) // one-sided
      ps.randomization.push(approximateRandomization(pair, { rounds: 200, seed: trial }).p)
    }
    for (const values of Object.values(ps)) {
      for (const level of [0.05, 0.25, 0.5, 0.75]) {
        const share = values.filter(p => p <= level).length / trials
        expect(Math.abs(share - level)).toBeLessThan(fourDeviations(level, trials))
      }
    }
  })

  it('find a difference that is there', () => {
    const noise = normal(600, { seed: 1, site: 'power' })
    const a = Array.from({ length: 300 }, (_, i) => one(3, 3, noise[i]! > 0 ? 2 : 1))
    const b = Array.from({ length: 300 }, (_, i) => one(3, 3, noise[300 + i]! > -0.5 ? 2 : 1))
    expect(pairedBootstrap({ a, b }, { rounds: 2000 }).p).toBeLessThan(0.005)
    expect(approximateRandomization({ a, b }, { rounds: 2000 }).p).toBeLessThan(0.005)
  })

  it('say the same for the same seed, and take their time', () => {
    const many = (counts: Counts[]): Counts[] => Array.from({ length: 3000 }, (_, i) => counts[i % 6]!)
    const pair = { a: many(A), b: many(B) }
    expect(pairedBootstrap(pair, { rounds: 30 })).toEqual(pairedBootstrap(pair, { rounds: 30 }))
    expect(pairedBootstrap(pair, { rounds: 30, seed: 38 }).interval).not.toEqual(
      pairedBootstrap(pair, { rounds: 30 }).interval,
    )
  })

  it.each([
    [{ a: [], b: [] }, {}, 'a must have at least one sentence'],
    [{ a: A, b: B.slice(1) }, {}, 'b must have as many sentences as a, 6. Received: 5'],
    [{ a: A, b: B }, { rounds: 0 }, 'rounds must be a positive whole number'],
    [{ a: A, b: B }, { seed: -1 }, 'seed must be a whole number, 0 or more'],
  ])('refuse %#', (pair, options, message) => {
    expect(() => pairedBootstrap(pair, options)).toThrow(message)
    expect(() => approximateRandomization(pair, options)).toThrow(message)
  })
})
