import { chooseExchanges } from '@mafjs/match'
import { chooseRows, type Features, type PairFeatures } from './features'

/** What one line of a JSONL says, its other fields left out. */
export interface PairRecord {
  id: string | number
  text: string
  /** The picture's file. */
  image: string
}

/** Texts and pictures as vectors, before anybody says which belong together. */
export interface EncodedPairs {
  records: PairRecord[]
  /** Row i is of the text of record i. */
  text: Features
  /** Row i is of the picture of record i. */
  image: Features
  /**
   * The group of every pair when text i has picture `pictures[i]`: pairs of one group are near-duplicates, so what was
   * learnt from one says something about the other.
   */
  groups(pictures: readonly number[]): number[]
}

/** Pairs as they are to be judged. */
export interface Pairs extends PairFeatures {
  /** Pairs of one group are near-duplicates. */
  groups: number[]
}

/** Gives text i the picture of record `pictures[i]`. */
export function pairUp({ text, image, groups }: EncodedPairs, pictures: readonly number[]): Pairs {
  return { text, image: chooseRows(image, pictures), groups: groups(pictures) }
}

/**
 * Exchanges the pictures of some pairs among themselves, so that nobody keeps the own one or gets a near-duplicate of it.
 *
 * @param share of the pairs, rounded up to a whole number of them
 * @returns whose picture every text has now; its own index = as it was
 */
export function plantMismatches({ records, groups }: EncodedPairs, share: number, seed: number): number[] {
  const ids = groups(records.map((_, i) => i))
  return [...chooseExchanges({ ids, rate: share, minimum: 0, seed })]
}
