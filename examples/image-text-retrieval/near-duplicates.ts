import { hammingDistance } from './picture-hash'

/** What of a pair is compared. */
export interface ComparablePair {
  text: string
  /** Of `pictureHash`. */
  hash: Uint8Array
}

/** From where on two pairs are near-duplicates. */
export interface DuplicateLimits {
  /** Least share of word pairs that two texts have in common. @default 0.4 */
  textSimilarity?: number
  /** Most places in which the hashes of two pictures differ. @default 6 */
  pictureDistance?: number
}

/** Which pairs stay, and why the others do not. */
export interface Deduplicated {
  /** Their indices. */
  kept: number[]
  /** How many were removed because they have no word, or are near one that was kept: by text, picture or both. */
  removed: { withoutWords: number; text: number; picture: number; both: number }
}

/** The pairs of neighbouring words in lower case, without signs; of a single word itself. */
export function shingles(text: string): Set<string> {
  const words = text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  return new Set(words.length > 1 ? words.slice(1).map((word, i) => `${words[i]} ${word}`) : words)
}

/** The share of two sets that is in both (Jaccard); 0 where both are empty. */
export function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let common = 0
  for (const shingle of a) if (b.has(shingle)) common++
  return common === 0 ? 0 : common / (a.size + b.size - common)
}

/**
 * Goes through pairs in order and keeps those that are no near-duplicate of one kept before: however they are split
 * afterwards, no text and no picture of one split then has a near-duplicate in another.
 */
export function removeNearDuplicates(
  pairs: readonly ComparablePair[],
  { textSimilarity = 0.4, pictureDistance = 6 }: DuplicateLimits = {},
): Deduplicated {
  const texts = pairs.map(({ text }) => shingles(text))
  const kept: number[] = []
  const removed = { withoutWords: 0, text: 0, picture: 0, both: 0 }
  for (const [i, { hash }] of pairs.entries()) {
    if (texts[i]!.size === 0) {
      removed.withoutWords++
      continue
    }
    const isText = kept.some(other => jaccard(texts[i]!, texts[other]!) >= textSimilarity)
    const isPicture = kept.some(other => hammingDistance(hash, pairs[other]!.hash) <= pictureDistance)
    if (isText && isPicture) removed.both++
    else if (isText) removed.text++
    else if (isPicture) removed.picture++
    else kept.push(i)
  }
  return { kept, removed }
}
