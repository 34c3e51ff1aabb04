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
    // Plain loops: a post has some thousands of weights, and callbacks for each took longer than the CRF.
    const sums = new Array<number>(regions!).fill(0)
    const lists = Array.from({ length: heads! }, (_, head) => {
      const start = ((row * heads! + head) * tokens! + token) * regions!
      const list = new Array<number>(regions!)
      for (let region = 0; region < regions!; region++) {
        list[region] = data[start + region]!
        sums[region]! += list[region]!
      }
      return list
    })
    return { mean: sums.map(sum => sum / heads!), heads: lists }
  })
}
