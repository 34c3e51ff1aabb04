import { calibrate } from './calibrate'
import type { Pairs } from './pairs'
import { type LearnScorer, scorePairs } from './score-pairs'
import { chooseThreshold, type Goal } from './threshold'

/** What was found out about pairs. */
export interface Judgement {
  /** Of every pair: the probability that its text and picture belong together. */
  probabilities: number[]
  /** From this probability on pairs are kept. */
  threshold: number
  /** Estimated share of mismatches; none where nothing was calibrated. */
  mismatches?: number
  /** What the probabilities were made of. */
  scores: number[]
  /** What each model itself gave: the logarithm of its odds. */
  raw: number[]
}

/** How pairs are judged. */
export interface JudgeOptions {
  learn: LearnScorer
  goal: Goal
  seed: number
}

/** Scores pairs by models that have not seen them, calibrates the scores, and chooses the threshold for a goal. */
export async function judgePairs(pairs: Pairs, { learn, goal, seed }: JudgeOptions): Promise<Judgement> {
  const { raw, observed, exchanged } = await scorePairs(pairs, { learn, seed })
  const { mismatches, probability } = calibrate(observed, exchanged)
  const probabilities = observed.map(probability)
  return { probabilities, threshold: chooseThreshold(probabilities, goal), mismatches, scores: observed, raw }
}

/** The same scores as the model gives them, without calibration: more likely than not. */
export function withoutCalibration({ raw }: Judgement): Judgement {
  return { probabilities: raw.map(logit => 1 / (1 + Math.exp(-logit))), threshold: 0.5, scores: raw, raw }
}
