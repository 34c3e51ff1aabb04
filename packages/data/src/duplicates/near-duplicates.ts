import { InvalidArgumentError } from '@mafjs/tensor/errors'
import { hashDistance, type PictureHash } from './picture-hash'

/** What is compared; what is left out is like nothing. */
export interface Comparable {
  /** A text without a word is like nothing either. */
  text?: string | undefined
  /** The picture's, of `pictureHash`. */
  hash?: PictureHash | undefined
}

/** From where on two are near-duplicates. */
export interface DuplicateLimits {
  /** Least share of their pairs of neighbouring words that two texts have in common (Jaccard). @default 0.4 */
  textSimilarity?: number | undefined
  /** Most bits of 64 in which the hashes of two pictures differ. @default 6 */
  pictureDistance?: number | undefined
}

/**
 * Finds near-duplicates, such as reposts: by their text or by their picture, directly or through others. Only those that have a
 * pair of words, or a stretch of their hashes, in common are compared, and none is missed by that.
 *
 * @returns the group of every item: the index of its first. Keep the first of each group, or split by groups.
 * @throws InvalidArgumentError for a limit out of range.
 */
export function nearDuplicates(
  items: readonly Comparable[],
  { textSimilarity = 0.4, pictureDistance = 6 }: DuplicateLimits = {},
): number[] {
  assertLimit('textSimilarity', textSimilarity, 'must be above 0 and at most 1', s => s > 0 && s <= 1)
  const isDistance = (bits: number): boolean => Number.isInteger(bits) && bits >= 0 && bits < 64
  assertLimit('pictureDistance', pictureDistance, 'must be a whole number from 0 to 63', isDistance)
  const groups = createGroups(items.length)

  const texts = items.map(({ text = '' }) => wordPairs(text))
  const withPair = createIndex()
  for (const [i, pairs] of texts.entries()) {
    const shared = new Map<number, number>() // how many pairs of words an earlier text has in common with this one
    for (const pair of pairs) {
      for (const other of withPair(pair, i)) shared.set(other, (shared.get(other) ?? 0) + 1)
    }
    for (const [other, count] of shared) {
      if (count >= textSimilarity * (pairs.size + texts[other]!.size - count)) groups.join(i, other)
    }
  }

  // Of one stretch more than bits may differ, at least one is the same in both.
  const stretches = pictureDistance + 1
  const withStretch = createIndex()
  for (const [i, { hash }] of items.entries()) {
    if (!hash) continue
    const bits = hash.map(word => (word >>> 0).toString(2).padStart(32, '0')).join('')
    for (let stretch = 0; stretch < stretches; stretch++) {
      const [from, to] = [stretch, stretch + 1].map(part => Math.round((part * 64) / stretches))
      for (const other of withStretch(`${stretch} ${bits.slice(from, to)}`, i)) {
        if (hashDistance(hash, items[other]!.hash!) <= pictureDistance) groups.join(i, other)
      }
    }
  }
  return items.map((_, i) => groups.firstOf(i))
}

/** The pairs of neighbouring words in lower case, without signs; of a single word itself. */
function wordPairs(text: string): Set<string> {
  const words = text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  return new Set(words.length > 1 ? words.slice(1).map((word, i) => `${words[i]} ${word}`) : words)
}

/** Enters an item under a key; gives who was entered there before. */
function createIndex(): (key: string, item: number) => number[] {
  const entered = new Map<string, number[]>()
  return (key, item) => {
    const before = entered.get(key) ?? []
    entered.set(key, before)
    const others = before.slice()
    before.push(item)
    return others
  }
}

/** Items in groups that can be joined; each is named by its first. */
function createGroups(count: number) {
  const parents = Array.from({ length: count }, (_, i) => i)
  const firstOf = (item: number): number => {
    let first = item
    while (parents[first] !== first) first = parents[first] = parents[parents[first]!]!
    return first
  }
  return {
    firstOf,
    join(a: number, b: number): void {
      const [one, other] = [firstOf(a), firstOf(b)]
      parents[Math.max(one, other)] = Math.min(one, other)
    },
  }
}

function assertLimit(
  argument: string,
  received: number,
  rule: string,
  holds: (value: number) => boolean,
): void {
  if (!holds(received)) throw new InvalidArgumentError({ argument, rule, received })
}
