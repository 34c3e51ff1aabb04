import { areaUnderRoc } from '@mafjs/evaluate'
import type { Judgement } from './judge-pairs'

/** How well mismatches were dropped, where it is known which they are; shares from 0 to 1. */
export interface CleaningScores {
  /** Share of all pairs. */
  dropped: number
  /** Share of the dropped that are mismatches; none where nothing was dropped. */
  precision?: number
  /** Share of the mismatches that were dropped. */
  recall: number
  /** Share of the matching pairs that were dropped. */
  lost: number
  /** Probability that a matching pair is scored higher than a mismatch. */
  auc: number
  /** Expected calibration error; none where there are no probabilities. */
  ece?: number
  /** The estimated share of mismatches, where there is one. */
  found?: number
}

/** Pairs that were given about the same probability. */
export interface ReliabilityBin {
  pairs: number
  /** Mean probability that was said. */
  said: number
  /** Share that matches. */
  matching: number
}

/** Probabilities by tenths, and what is true of them; a bin without pairs is left out. */
export function reliability(
  probabilities: readonly number[],
  isMatch: readonly boolean[],
  bins = 10,
): ReliabilityBin[] {
  const binOf = (probability: number): number => Math.min(bins - 1, Math.floor(bins * probability))
  return Array.from({ length: bins }, (_, bin) => {
    const members = [...probabilities.keys()].filter(i => binOf(probabilities[i]!) === bin)
    const mean = (of: (i: number) => number): number =>
      members.reduce((sum, i) => sum + of(i), 0) / members.length
    return {
      pairs: members.length,
      said: mean(i => probabilities[i]!),
      matching: mean(i => (isMatch[i] ? 1 : 0)),
    }
  }).filter(({ pairs }) => pairs > 0)
}

/**
 * Expected calibration error: by how much what is said differs from what is true, over bins, each weighing as its pairs.
 * Source: Naeini, Cooper and Hauskrecht, "Obtaining well calibrated probabilities using Bayesian binning", 2015.
 */
export function calibrationError(bins: readonly ReliabilityBin[]): number {
  const all = bins.reduce((sum, { pairs }) => sum + pairs, 0)
  return bins.reduce((sum, { pairs, said, matching }) => sum + (pairs * Math.abs(said - matching)) / all, 0)
}

/** Measures a judgement against the truth. */
export function measure(
  { probabilities, threshold, mismatches, scores }: Judgement,
  isMatch: readonly boolean[],
): CleaningScores {
  const rows = [...probabilities.keys()]
  const isDropped = (i: number): boolean => probabilities[i]! < threshold
  const count = (of: (i: number) => boolean): number => rows.filter(of).length
  const dropped = count(isDropped)
  const wrong = count(i => !isMatch[i])
  const found = count(i => isDropped(i) && !isMatch[i])
  const scoresOf = (match: boolean): number[] => scores.filter((_, i) => isMatch[i] === match)
  return {
    dropped: dropped / rows.length,
    ...(dropped > 0 && { precision: found / dropped }),
    recall: found / wrong,
    lost: (dropped - found) / (rows.length - wrong),
    auc: areaUnderRoc(scoresOf(true), scoresOf(false))!,
    ece: calibrationError(reliability(probabilities, isMatch)),
    ...(mismatches !== undefined && { found: mismatches }),
  }
}

/** What dropping so many by lot gives on average, in closed form. */
export function drawingLots(dropped: number, isMatch: readonly boolean[]): CleaningScores {
  const precision = isMatch.filter(match => !match).length / isMatch.length
  return { dropped, precision, recall: dropped, lost: dropped, auc: 0.5 }
}
