import { InvalidArgumentError, permutation } from '@mafjs/tensor'

/**
 * Deals groups out into folds of about the same size, the largest first; near-duplicates stay together.
 *
 * @param groups the group of every pair
 * @returns the rows of every fold
 * @throws InvalidArgumentError for fewer groups than folds.
 */
export function dealFolds(groups: readonly number[], folds: number, seed: number): number[][] {
  const members = new Map<number, number[]>()
  for (const [row, group] of groups.entries()) members.set(group, [...(members.get(group) ?? []), row])
  if (members.size < folds) {
    throw new InvalidArgumentError({
      argument: 'pairs',
      rule: `must be at least ${folds} that are not near-duplicates, one for each fold`,
      received: `${members.size}`,
      fix: 'Captions made by one pattern are alike: call fewer of them near-duplicates, by --text-similarity.',
    })
  }
  const all = [...members.values()]
  const drawn = permutation(all.length, { seed, site: 'folds' }).map(i => all[i]!)
  const dealt: number[][] = Array.from({ length: folds }, () => [])
  for (const group of drawn.sort((a, b) => b.length - a.length)) {
    const smallest = dealt.reduce((least, fold) => (fold.length < least.length ? fold : least))
    smallest.push(...group)
  }
  return dealt
}
