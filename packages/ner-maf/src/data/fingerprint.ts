import { createHash } from 'node:crypto'
import type { Example } from './example'

/** What tells whether two splits are the same: their sizes, and a digest of their words, labels and pictures' names. */
export interface Fingerprint {
  posts: number
  words: number
  /** Spans that a `B-` label opens. */
  entities: number
  /** Posts whose picture is at hand. */
  pictures: number
  /** SHA-256, in hexadecimal, of words, labels and pictures' names in their order; ids and file names play no part. */
  sha256: string
}

/** The fingerprint of a split as it was read. */
export function fingerprint(examples: readonly Example[]): Fingerprint {
  const hash = createHash('sha256')
  const counts = { words: 0, entities: 0, pictures: 0 }
  for (const { words, labels = [], image } of examples) {
    hash.update(`${JSON.stringify([words, labels, image ?? null])}\n`)
    counts.words += words.length
    counts.entities += labels.filter(label => label.startsWith('B-')).length
    if (image !== undefined) counts.pictures += 1
  }
  return { posts: examples.length, ...counts, sha256: hash.digest('hex') }
}
