import { createHash } from 'node:crypto'
import { extractSpans } from '@mafjs/evaluate'
import type { SplitName } from '../dataset'
import { type DoctorFile, wholePosts } from './post'

/** What a split holds, in numbers that say which data set it is and none of its text. */
export interface Fingerprint {
  split: SplitName
  file: string
  posts: number
  words: number
  /** Entities by type, by the strict rule; OTHER counts as MISC. */
  entities: Record<string, number>
  /** SHA-256 over the words and labels of every post in order, however the file writes them. */
  digest: string
  /** SHA-256 over the ids of every post in order. */
  ids: string
}

/** The fingerprint of one split; posts that cannot be read have no part in it. */
export function fingerprint(examined: DoctorFile): Fingerprint {
  const { split, file } = examined
  const content = createHash('sha256')
  const ids = createHash('sha256')
  const entities = new Map<string, number>()
  let words = 0
  const whole = wholePosts([examined])
  for (const post of whole) {
    const { labels = [] } = post
    words += post.words.length
    for (const [at, text] of post.words.entries()) content.update(`${text}\t${labels[at] ?? ''}\n`)
    content.update('\n')
    ids.update(`${post.id}\n`)
    for (const { type } of extractSpans(labels, 'strict')) {
      entities.set(type, (entities.get(type) ?? 0) + 1)
    }
  }
  const sorted = Object.fromEntries([...entities].sort(([a], [b]) => (a < b ? -1 : 1)))
  return {
    split,
    file,
    posts: whole.length,
    words,
    entities: sorted,
    digest: content.digest('hex'),
    ids: ids.digest('hex'),
  }
}
