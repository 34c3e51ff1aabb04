import { orphansOf } from '../../posts/orphans'
import { type DoctorPost, wordPlace } from '../post'
import type { Repair } from './repair'

/** What becomes of a post, and what of it was changed. */
export interface RepairedPost {
  post: DoctorPost
  repairs: Repair[]
}

/** A post with the pictures that it keeps, and with every I- that continues nothing made B-. */
export function repairPost(post: DoctorPost, pictures: readonly string[]): RepairedPost {
  const labels = post.labels && [...post.labels]
  const repairs = orphansOf(post.labels ?? []).map((at): Repair => {
    const before = labels![at]!
    labels![at] = `B-${before.slice(2)}`
    const [file, line] = wordPlace(post, at)
    return { code: 'orphan-inside', file, line, repair: `${before} of word ${at + 1} made ${labels![at]}` }
  })
  return { post: { ...post, labels, pictures: [...pictures] }, repairs }
}
