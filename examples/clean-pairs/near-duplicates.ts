import { hammingDistance, type PictureHash } from './picture-hash'

/** What of a pair is compared. */
export interface ComparablePair {
  text: string
  hash: PictureHash
}

/** From where on two pairs are near-duplicates. */
export interface DuplicateLimits {
  /** Least share of word pairs that two texts have in common. @default 0.4 */
  textSimilarity?: number
  /** Most bits in which the hashes of two pictures differ. @default 6 */
  pictureDistance?: number
}

/** The words of a text in lower case, without signs. */
export const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? []

/** The pairs of neighbouring words; of a single word itself. */
export function shingles(text: string): Set<string> {
  const words = wordsOf(text)
  return new Set(words.length > 1 ? words.slice(1).map((word, i) => `${words[i]} ${word}`) : words)
}

/**
 * Which pairs are near-duplicates of each other, by their text or by their picture, directly or through others.
 *
 * @returns the group of every pair: the index of its first
 */
export function duplicateGroups(
  pairs: readonly ComparablePair[],
  { textSimilarity = 0.4, pictureDistance = 6 }: DuplicateLimits = {},
): number[] {
  const groups = pairs.map((_, i) => i)
  const rootOf = (i: number): number => {
    let root = i
    while (groups[root] !== root) root = groups[root]!
    return root
  }
  const join = (i: number, other: number): void => {
    const [first, second] = [rootOf(i), rootOf(other)].sort((a, b) => a - b)
    groups[second!] = first!
  }

  const texts = pairs.map(({ text }) => shingles(text))
  const withShingle = new Map<string, number[]>()
  for (const [i, { hash }] of pairs.entries()) {
    const common = new Map<number, number>() // how many shingles earlier texts share with this one
    for (const shingle of texts[i]!) {
      const earlier = withShingle.get(shingle) ?? []
      for (const other of earlier) common.set(other, (common.get(other) ?? 0) + 1)
      withShingle.set(shingle, [...earlier, i])
    }
    for (const [other, count] of common) {
      const either = texts[i]!.size + texts[other]!.size - count
      if (count >= textSimilarity * either) join(i, other)
    }
    for (let other = 0; other < i; other++) {
      if (hammingDistance(hash, pairs[other]!.hash) <= pictureDistance) join(i, other)
    }
  }
  return groups.map((_, i) => rootOf(i))
}
