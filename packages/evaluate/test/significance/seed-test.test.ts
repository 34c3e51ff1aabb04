import { normal } from '@mafjs/tensor/random'
import { describe, expect, it } from 'vitest'
import { seedTest, spreadOf } from '../../src/significance/seed-test'

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/** The share of all ways of marking `a.length` runs whose means lie at least as far apart, by trying every mask. */
function byMasks(a: readonly number[], b: readonly number[]): number {
  const all = [...a, ...b]
  const observed = Math.abs(mean(b) - mean(a))
  let ways = 0
  let asFar = 0
  for (let mask = 0; mask < 2 ** all.length; mask++) {
    let marked = 0
    for (let left = mask; left > 0; left >>= 1) marked += left & 1
    if (marked !== a.length) continue
    const first = all.filter((_, i) => (mask >> i) & 1)
    ways++
    const second = all.filter((_, i) => !((mask >> i) & 1))
    if (Math.abs(mean(second) - mean(first)) >= observed - 1e-9) asFar++
  }
  return asFar / ways
}

describe('seedTest', () => {
  it.each([
    [5, 5],
    [3, 6],
    [2, 2],
    [1, 4],
  ])('tries every way of dealing %i and %i runs out', (first, second) => {
    for (let seed = 0; seed < 10; seed++) {
      const values = [...normal(first + second, { seed, site: 'runs' })]
      const [a, b] = [values.slice(0, first), values.slice(first)]
      const test = seedTest({ a, b })
      expect(test.exact).toBe(true)
      expect(test.p).toBeCloseTo(byMasks(a, b), 12)
      expect(test.p).toBeGreaterThanOrEqual(test.floor)
    }
  })

  it('comes to its floor where no run of one is as good as any of the other', () => {
    const [a, b] = [
      [0.7, 0.71, 0.72, 0.73, 0.74],
      [0.8, 0.81, 0.82, 0.83, 0.84],
    ]
    expect(seedTest({ a, b })).toMatchObject({ p: 2 / 252, floor: 2 / 252, splits: 252 })
    expect(seedTest({ a, b: b.slice(1) })).toMatchObject({ p: 1 / 126, floor: 1 / 126 })
    expect(seedTest({ a: [0.1], b: [0.9] })).toMatchObject({ p: 1, floor: 1 })
  })

  it('draws where there are too many ways, and comes to the same', () => {
    const values = [...normal(21, { seed: 3, site: 'runs' })]
    const [a, b] = [values.slice(0, 10), values.slice(10).map(value => value + 0.7)]
    const test = seedTest({ a, b }, { rounds: 4000 })
    expect(test).toMatchObject({ exact: false, splits: 4000, floor: 1 / 4001 })
    const exact = byMasks(a, b)
    expect(exact).toBeGreaterThan(0.005)
    expect(Math.abs(test.p - exact)).toBeLessThan(4 * Math.sqrt((exact * (1 - exact)) / 4000) + 1 / 4000)
  })

  it('gives means with the deviation of a sample', () => {
    expect(spreadOf([2, 4, 9])).toEqual({ mean: 5, deviation: Math.sqrt(26 / 2) })
    expect(spreadOf([0.5])).toEqual({ mean: 0.5, deviation: null })
    expect(() => seedTest({ a: [], b: [1] })).toThrow('a must have a run')
  })
})
