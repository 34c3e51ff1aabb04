import type { BatchShape } from './pad-batch'

/** Lengths are rounded up to a multiple of this, longer ones more coarsely: 8, 16, ..., 64, 80, 96, ... */
const paddedLength = (positions: number): number => {
  const unit = positions <= 64 ? 8 : 16
  return Math.ceil(positions / unit) * unit
}

/**
 * The few shapes that batches of some posts are padded to, so that few programs serve all. There is one number of words for
 * each number of positions: that of the most words of any post that fits into them.
 *
 * @param posts the lengths of all posts
 * @param padTo a fixed number of positions, or `longest`
 * @returns the shape of a batch of some of the posts
 */
export function batchShapes(
  posts: readonly BatchShape[],
  padTo: number | 'longest',
): (batch: readonly BatchShape[]) => BatchShape {
  const longest = posts.reduce((most, { positions }) => Math.max(most, positions), 0)
  const rounded = (positions: number): number =>
    padTo === 'longest' ? Math.min(longest, paddedLength(positions)) : padTo
  const mostWords = new Map<number, number>()
  for (const { positions, words } of posts) {
    const length = rounded(positions)
    mostWords.set(length, Math.max(words, mostWords.get(length) ?? 0))
  }
  return batch => {
    const positions = rounded(Math.max(...batch.map(({ positions }) => positions)))
    const shorter = [...mostWords].filter(([length]) => length <= positions)
    return { positions, words: Math.max(...shorter.map(([, words]) => words)) }
  }
}
