import { normal, uniform } from '@mafjs/tensor'
import { describe, expect, test } from 'vitest'
import { calibrate } from '../calibrate'
import { calibrationError, drawingLots, measure, reliability } from '../measures'
import { chooseThreshold, type Goal } from '../threshold'

/** Scores of pairs, every fifth a mismatch: N(0, 1) where they do not match, N(distance, 1) where they do. */
const mixture = (pairs: number, distance: number, seed: number): number[] =>
  Array.from(normal(pairs, { seed, site: 'pairs' }), (score, i) => (i % 5 === 0 ? score : score + distance))

describe('calibration', () => {
  test("finds the share of mismatches and Bayes' probabilities where both are known in closed form", () => {
    for (const [distance, tolerance] of [
      [2, 0.06],
      [3, 0.03],
    ] as const) {
      // biome-ignore format: one line
      const exchanged = [...normal(40_000, { seed: 1, site: 'exchanged' })]
      const { mismatches, probability } = calibrate(mixture(20_000, distance, 2), exchanged)
      expect(Math.abs(mismatches - 0.2)).toBeLessThan(tolerance / 2)
      for (const score of [-1, 0, 0.5, 1, 2, 4]) {
        // 0.8 N(s; d, 1) / (0.8 N(s; d, 1) + 0.2 N(s; 0, 1))
        const odds = 4 * Math.exp(distance * score - distance ** 2 / 2)
        expect(Math.abs(probability(score) - odds / (1 + odds))).toBeLessThan(tolerance)
      }
    }
  })
  test('finds next to no mismatch where there is none, and keeps probabilities within 0 and 1', () => {
    const exchanged = [...normal(20_000, { seed: 3, site: 'exchanged' })]
    const observed = [...normal(2000, { seed: 4, site: 'pairs' })].map(score => score + 3)
    const { mismatches, probability } = calibrate(observed, exchanged)
    expect(mismatches).toBeLessThan(0.01)
    for (const score of [-1e3, -5, 0, 5, 1e3, 1e300]) {
      expect(probability(score)).toBeGreaterThanOrEqual(0)
      expect(probability(score)).toBeLessThanOrEqual(1)
    }
  })
  test('refuses scores that do not tell pairs from exchanged ones', () => {
    const exchanged = [...normal(10_000, { seed: 5, site: 'exchanged' })]
    expect(() => calibrate([...normal(500, { seed: 6, site: 'pairs' })], exchanged)).toThrow(
      /pairs must be told from exchanged ones/,
    )
  })
})

/** Tries every threshold there is. */
function bruteForce(probabilities: readonly number[], goal: Goal): number | undefined {
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
  const reached = [...new Set(probabilities)].filter(threshold => {
    const kept = probabilities.filter(probability => probability >= threshold)
    return 'keep' in goal
      ? sum(kept) >= goal.keep * sum(probabilities) - 1e-9
      : sum(kept) / kept.length >= goal.precision - 1e-9
  })
  if (reached.length === 0) return undefined
  return 'keep' in goal ? Math.max(...reached) : Math.min(...reached)
}

test('the threshold is the one that trying them all finds, ties included', () => {
  for (let seed = 0; seed < 40; seed++) {
    const draws = [...uniform(30, { seed, site: 'probabilities' })]
    // Tenths of an eighth: sums are exact, so that a goal may be met to the digit.
    const probabilities = draws.map(draw => Math.round(8 * draw) / 8)
    for (const value of [0.5, 0.75, 0.9, 0.95]) {
      expect(chooseThreshold(probabilities, { keep: value })).toBe(bruteForce(probabilities, { keep: value }))
      const expected = bruteForce(probabilities, { precision: value })
      const given = (): number => chooseThreshold(probabilities, { precision: value })
      if (expected === undefined) expect(given).toThrow(/precision must be at most/)
      else expect(given()).toBe(expected)
    }
  }
})

describe('measures', () => {
  const isMatch = [true, true, true, false, false]
  test('count what was dropped, by hand', () => {
    const probabilities = [0.9, 0.8, 0.1, 0.3, 0.7]
    const scores = measure(
      { probabilities, threshold: 0.5, scores: probabilities, raw: probabilities },
      isMatch,
    )
    expect(scores).toMatchObject({ dropped: 2 / 5, precision: 1 / 2, recall: 1 / 2, lost: 1 / 3, auc: 4 / 6 })
    // Five bins of one pair each: |0.9 - 1|, |0.8 - 1|, |0.1 - 1|, |0.3 - 0|, |0.7 - 0|.
    expect(scores.ece).toBeCloseTo((0.1 + 0.2 + 0.9 + 0.3 + 0.7) / 5, 12)
    expect(drawingLots(0.4, isMatch)).toEqual({
      dropped: 0.4,
      precision: 0.4,
      recall: 0.4,
      lost: 0.4,
      auc: 0.5,
    })
  })
  test('weigh what is said against what is true bin by bin', () => {
    const bins = reliability([0.61, 0.65, 0.69, 1, 0], [true, false, true, true, false])
    expect(bins.map(({ pairs }) => pairs)).toEqual([1, 3, 1])
    expect(bins[1]!.said).toBeCloseTo(0.65, 12)
    expect(bins[1]!.matching).toBeCloseTo(2 / 3, 12)
    expect(calibrationError(bins)).toBeCloseTo((3 / 5) * (2 / 3 - 0.65), 12)
  })
})
