import { pairedBootstrap } from '@mafjs/evaluate'
import type { StudyResult } from '../studies/study'

/** What is compared: a way, or a way with another measure than that of the comparison. */
export type Side = string | readonly [way: string, measure: string]

/** Two ways on the same posts. */
export interface Difference {
  a: string
  b: string
  measure: string
  /** Mean of `b` less mean of `a`, shares from 0 to 1. */
  difference: number
  /** The middle 95 % over posts drawn anew. */
  interval: readonly [number, number]
  /** One-sided, as `pairedBootstrap` has it. */
  p: number
}

/** Of every post the mean over the runs of a way. */
function meansOf(posts: StudyResult['posts'], side: Side, measure: string): number[] {
  const [way, own] = typeof side === 'string' ? [side, measure] : side
  const runs = posts[way]!.map(run => run[own]!)
  return runs[0]!.map((_, post) => runs.reduce((sum, run) => sum + run[post]! / runs.length, 0))
}

/** A share as the counts of a single entity, so that the F1 of many is their mean. */
const asCounts = (shares: readonly number[]) => shares.map(correct => ({ support: 1, predicted: 1, correct }))

/** What two ways are apart on the posts that both were measured on, with its interval over these. */
export function differenceOf(posts: StudyResult['posts'], a: Side, b: Side, measure: string): Difference {
  const [first, second] = [a, b].map(side => asCounts(meansOf(posts, side, measure)))
  const { difference, interval, p } = pairedBootstrap({ a: first!, b: second! })
  const nameOf = (side: Side): string => [side].flat().join(', ')
  return { a: nameOf(a), b: nameOf(b), measure, difference, interval, p }
}
