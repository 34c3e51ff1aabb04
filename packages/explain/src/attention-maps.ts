import type { AttentionMap } from './explanation'
import type { Numbers, WordPlace } from './numbers'

/**
 * What words look at.
 *
 * @param attention `[batch, heads, tokens, regions]`, the weights of a layer
 * @param places of the words
 * @returns one for each place
 */
export function attentionMaps(
  { data, shape: [, heads, tokens, regions] }: Numbers,
  places: readonly WordPlace[],
): AttentionMap[] {
  return places.map(({ row, token }) => {
    const lists = Array.from({ length: heads! }, (_, head) => {
      const start = ((row * heads! + head) * tokens! + token) * regions!
      return Array.from({ length: regions! }, (_, region) => data[start + region]!)
    })
    return { mean: meanOf(lists), heads: lists }
  })
}

const meanOf = (lists: readonly (readonly number[])[]): number[] =>
  (lists[0] ?? []).map((_, region) => lists.reduce((sum, list) => sum + list[region]!, 0) / lists.length)
