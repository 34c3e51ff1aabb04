import { normal, uniform } from '@mafjs/tensor/random'
import { describe, expect, test } from 'vitest'
import {
  calibrationError,
  chooseThreshold,
  mixtureCalibration,
  plattCalibration,
  reliability,
  type ThresholdGoal,
} from '../../src/calibration'

const normals = (count: number, site: string): number[] => [...normal(count, { seed: 1, site })]

/** Every fifth is false: scores are N(0, 1) there, N(distance, 1) elsewhere. */
const isTrue = (i: number): boolean => i % 5 !== 0
const mixed = (count: number, distance: number): number[] =>
  normals(count, 'mixed').map((score, i) => (isTrue(i) ? score + distance : score))

/** Bayes' rule for these: 0.8 N(s; d, 1) / (0.8 N(s; d, 1) + 0.2 N(s; 0, 1)), a sigmoid of slope d. */
const bayes = (score: number, distance: number): number =>
  1 / (1 + Math.exp(-(distance * score - distance ** 2 / 2 + Math.log(4))))

describe.each([
  [2, 0.06],
  [3, 0.03],
])('two normal distributions %d deviations apart', (distance, tolerance) => {
  const scores = mixed(20_000, distance)
  test("with labels: slope, offset and probabilities are those of Bayes' rule", () => {
    const labels = scores.map((_, i) => isTrue(i))
    const { slope, offset, probability } = plattCalibration({ scores, isTrue: labels })
    expect(Math.abs(slope - distance)).toBeLessThan(0.1)
    expect(Math.abs(offset - (Math.log(4) - distance ** 2 / 2))).toBeLessThan(0.15)
    for (const score of [-1, 0, 1, 2, 4]) {
      expect(Math.abs(probability(score) - bayes(score, distance))).toBeLessThan(0.02)
    }
    expect(calibrationError(scores.map(probability), labels)).toBeLessThan(0.01)
    // The likeliest there is: a sigmoid beside it says less of the labels.
    const likelihood = (slope: number, offset: number): number =>
      scores.reduce((sum, score, i) => sum - Math.log1p(Math.exp((isTrue(i) ? -1 : 1) * (slope * score + offset))), 0) // biome-ignore format: one line
    for (const [a, b] of [[0.05, 0], [-0.05, 0], [0, 0.05], [0, -0.05]] as const) // biome-ignore format: one line
      expect(likelihood(slope + a, offset + b)).toBeLessThan(likelihood(slope, offset))
  })
  test('without a label: the share that is false, and the same probabilities', () => {
    const { falseShare, probability } = mixtureCalibration({ scores, falseScores: normals(40_000, 'false') })
    expect(Math.abs(falseShare - 0.2)).toBeLessThan(tolerance / 2)
    for (const score of [-1, 0, 0.5, 1, 2, 4]) {
      expect(Math.abs(probability(score) - bayes(score, distance))).toBeLessThan(tolerance)
    }
  })
})

test('temperature scaling finds the factor that logits were multiplied by, and leaves 0 at one half', () => {
  // Logits 3 times too large: labels drawn from sigmoid(logit / 3).
  const logits = normals(20_000, 'logits').map(logit => 6 * logit)
  const draws = uniform(logits.length, { seed: 2, site: 'labels' })
  const isTrue = logits.map((logit, i) => draws[i]! < 1 / (1 + Math.exp(-logit / 3)))
  const { slope, probability } = plattCalibration({ scores: logits, isTrue, offset: 0 })
  expect(Math.abs(1 / slope - 3)).toBeLessThan(0.15)
  expect(probability(0)).toBe(0.5)
})

test("scores that part the labels wholly keep Platt's targets", () => {
  const isTrue = [false, false, true, true, true]
  const { probability } = plattCalibration({ scores: isTrue.map(Number), isTrue })
  // One probability for each of two scores: the targets themselves, (n + 1) / (n + 2) and 1 / (m + 2).
  expect(probability(1)).toBeCloseTo(4 / 5, 6)
  expect(probability(0)).toBeCloseTo(1 / 4, 6)
})

test('where nothing is false next to nothing is found, and probabilities stay within 0 and 1', () => {
  const scores = normals(2000, 'judged').map(score => score + 3)
  const { falseShare, probability } = mixtureCalibration({ scores, falseScores: normals(20_000, 'false') })
  expect(falseShare).toBeLessThan(0.01)
  for (const score of [-1e3, -5, 0, 5, 1e3, 1e300]) {
    expect(probability(score)).toBeGreaterThanOrEqual(0)
    expect(probability(score)).toBeLessThanOrEqual(1)
  }
})

/** Tries every threshold there is. */
function bruteForce(
  probabilities: readonly number[],
  { keep, precision }: ThresholdGoal,
): number | undefined {
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
  const reached = [...new Set(probabilities)].filter(threshold => {
    const kept = probabilities.filter(probability => probability >= threshold)
    if (keep === undefined) return sum(kept) / kept.length >= precision
    return sum(kept) >= keep * sum(probabilities)
  })
  if (reached.length === 0) return undefined
  return keep === undefined ? Math.min(...reached) : Math.max(...reached)
}

test('the threshold is the one that trying them all finds, ties included', () => {
  for (let seed = 0; seed < 40; seed++) {
    // Eighths: sums are exact, so that a goal may be met to the digit.
    const draws = [...uniform(30, { seed, site: 'probabilities' })]
    const probabilities = draws.map(draw => Math.round(8 * draw) / 8)
    for (const share of [0.5, 0.75, 0.9, 0.95]) {
      expect(chooseThreshold(probabilities, { keep: share })).toBe(bruteForce(probabilities, { keep: share }))
      const expected = bruteForce(probabilities, { precision: share })
      const given = (): number => chooseThreshold(probabilities, { precision: share })
      if (expected === undefined) expect(given).toThrow(/precision must be at most/)
      else expect(given()).toBe(expected)
    }
  }
})

test('what is said is weighed against what is true bin by bin', () => {
  const [said, truth] = [[0.61, 0.65, 0.69, 1, 0], [true, false, true, true, false]] // biome-ignore format: a row
  const bins = reliability(said, truth)
  expect(bins.map(({ count }) => count)).toEqual([1, 3, 1])
  expect(bins[1]!.said).toBeCloseTo(0.65, 12)
  expect(bins[1]!.isTrue).toBeCloseTo(2 / 3, 12)
  expect(calibrationError(said, truth)).toBeCloseTo((3 / 5) * (2 / 3 - 0.65), 12)
  // Each in a bin of its own.
  const apart = [0.9, 0.8, 0.1, 0.3, 0.7]
  const error = calibrationError(apart, [true, true, true, false, false])
  expect(error).toBeCloseTo((0.1 + 0.2 + 0.9 + 0.3 + 0.7) / 5, 12)
})

test.each([
  [() => calibrationError([0.5, 1.5], [true, true]), 'probabilities[1] must be from 0 to 1. Received: 1.5'],
  [() => reliability([0.5], []), 'isTrue must say of each of the probabilities whether it is true'],
  [() => plattCalibration({ scores: [1, Number.NaN], isTrue: [true, false] }), 'scores[1] must be finite'],
  [() => plattCalibration({ scores: [1, 2], isTrue: [true, true] }), 'isTrue must hold both true and false'],
  [
    () => mixtureCalibration({ scores: normals(500, 'judged'), falseScores: normals(10_000, 'false') }),
    'scores must be told from falseScores: an AUC of at least 0.539',
  ],
  [() => chooseThreshold([], { keep: 0.9 }), 'probabilities must hold at least one'],
  [() => chooseThreshold([0.5], { keep: 95 }), 'keep must be above 0 and at most 1. Received: 95'],
])('%s is refused', (act, message) => {
  expect(act).toThrow(message)
})
