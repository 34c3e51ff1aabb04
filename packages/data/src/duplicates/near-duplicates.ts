import { InvalidArgumentError } from '@mafjs/tensor/errors'
import { createGroups, type Groups } from './groups'
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
 * Finds near-duplicates, such as reposts: by their text or by their picture, directly or through others. Only those are compared
 * that have one of their rarest pairs of words, or a stretch of their hashes, in common, and none is missed by that.
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
  joinTexts(texts, textSimilarity, groups)
  const hashes = items.map(({ hash }) => hash)
  joinPictures(hashes, pictureDistance, groups)
  return items.map((_, i) => groups.firstOf(i))
}

/** The pairs of neighbouring words in lower case, without signs; of a single word itself. */
function wordPairs(text: string): Set<string> {
  const words = text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  return new Set(words.length > 1 ? words.slice(1).map((word, i) => `${words[i]} ${word}`) : words)
}

/** Each set as the ranks of its pairs, the rarest of all texts first. */
function byRarity(texts: readonly ReadonlySet<string>[]): Int32Array[] {
  const counts = new Map<string, number>()
  for (const pairs of texts) for (const pair of pairs) counts.set(pair, (counts.get(pair) ?? 0) + 1)
  const ranks = new Map([...counts].sort(([, a], [, b]) => a - b).map(([pair], rank) => [pair, rank]))
  return texts.map(pairs => Int32Array.from(pairs, pair => ranks.get(pair)!).sort())
}

/** How many numbers two ascending lists have in common. */
function common(a: Int32Array, b: Int32Array): number {
  let count = 0
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i]! === b[j]!) count++
    const step = a[i]! - b[j]!
    if (step <= 0) i++
    if (step >= 0) j++
  }
  return count
}

/**
 * Joins texts that have enough pairs in common. Who has n pairs and shares at least k with another has one of the rarest n - k + 1
 * in common with it: k is a share s of its own pairs at least, and 2 s / (1 + s) of those of the smaller one (Bayardo, Ma and
 * Srikant, "Scaling up all pairs similarity search", 2007). Pairs that many texts have are so hardly ever looked up.
 */
function joinTexts(texts: readonly ReadonlySet<string>[], least: number, groups: Groups): void {
  const ranks = byRarity(texts)
  const isNear = (a: number, b: number): boolean => {
    const [one, other] = [ranks[a]!, ranks[b]!]
    if (other.length < least * one.length) return false
    const count = common(one, other)
    return count >= least * (one.length + other.length - count)
  }
  // A little longer where rounding could make one too short.
  const rarest = (pairs: Int32Array, share: number): Int32Array =>
    pairs.subarray(0, pairs.length - Math.ceil(share * pairs.length - 1e-9) + 1)
  const index = createIndex<number>(groups)
  for (const i of onePerKey(ranks, pairs => pairs.join(), groups).sort(
    (a, b) => ranks[a]!.length - ranks[b]!.length,
  )) {
    for (const pair of rarest(ranks[i]!, least)) index.join(pair, i, isNear)
    for (const pair of rarest(ranks[i]!, (2 * least) / (1 + least))) index.enter(pair, i)
  }
}

/** Joins pictures whose hashes differ in few bits: of one stretch more than bits may differ, at least one is the same in both. */
function joinPictures(hashes: readonly (PictureHash | undefined)[], most: number, groups: Groups): void {
  const isNear = (a: number, b: number): boolean => hashDistance(hashes[a]!, hashes[b]!) <= most
  const index = createIndex<string>(groups)
  for (const i of onePerKey(hashes, hash => hash?.join() ?? '', groups)) {
    const bits = hashes[i]!.map(word => (word >>> 0).toString(2).padStart(32, '0')).join('')
    for (let stretch = 0; stretch <= most; stretch++) {
      const [from, to] = [stretch, stretch + 1].map(part => Math.round((part * 64) / (most + 1)))
      const key = `${stretch} ${bits.slice(from, to)}`
      index.join(key, i, isNear)
      index.enter(key, i)
    }
  }
}

/** Joins items of the same key, and gives the first of each; an empty key is none. */
function onePerKey<Item>(items: readonly Item[], keyOf: (item: Item) => string, groups: Groups): number[] {
  const firsts = new Map<string, number>()
  for (const [i, item] of items.entries()) {
    const key = keyOf(item)
    const first = key === '' ? undefined : firsts.get(key)
    if (first !== undefined) groups.join(first, i)
    else if (key !== '') firsts.set(key, i)
  }
  return [...firsts.values()]
}

/** Items under keys. Of those under one key that are in a group already one that is near is enough: they are kept by group. */
function createIndex<Key>(groups: Groups) {
  const entered = new Map<Key, number[][]>()
  return {
    join(key: Key, item: number, isNear: (item: number, other: number) => boolean): void {
      for (const others of entered.get(key) ?? []) {
        if (groups.firstOf(others[0]!) === groups.firstOf(item)) continue
        const near = others.find(other => isNear(item, other))
        if (near !== undefined) groups.join(item, near)
      }
    },
    enter(key: Key, item: number): void {
      const lists = entered.get(key) ?? []
      const own = lists.find(others => groups.firstOf(others[0]!) === groups.firstOf(item))
      if (own) own.push(item)
      else lists.push([item])
      entered.set(key, lists)
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
