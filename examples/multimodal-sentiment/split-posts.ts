import { permutation } from '@mafjs/tensor'
import type { Splits } from './train-sentiment'

/** Shares of the posts; the others are trained on. */
export interface SplitShares {
  valid: number
  test: number
}

/** Deals groups of near-duplicates out by lot: test is filled first, then validation; no group is divided. */
export function splitPosts(groups: readonly number[], { valid, test }: SplitShares, seed: number): Splits {
  const members = new Map<number, number[]>()
  for (const [post, group] of groups.entries()) members.set(group, [...(members.get(group) ?? []), post])
  const all = [...members.values()]
  const splits = { train: [] as number[], valid: [] as number[], test: [] as number[] }
  for (const i of permutation(all.length, { seed, site: 'split' })) {
    const fits = (split: number[], share: number): boolean =>
      split.length + all[i]!.length <= Math.round(share * groups.length)
    const split = fits(splits.test, test)
      ? splits.test
      : fits(splits.valid, valid)
        ? splits.valid
        : splits.train
    split.push(...all[i]!)
  }
  return splits
}
