import { haveSameLabels, wordsKey } from '../checks/check-duplicates'
import type { FindingCode } from '../findings'
import { type DoctorFile, type DoctorPost, placeOf } from '../post'
import type { Repair } from './repair'

/**
 * The posts that a repaired copy has: not those that cannot be read whole, and of train not those that valid or test has
 * too, nor any but the first with the same words and labels. Valid and test lose nothing that can be read.
 */
export function keepPosts(files: readonly DoctorFile[]): { kept: DoctorPost[]; repairs: Repair[] } {
  const repairs: Repair[] = []
  const leaveOut = (post: DoctorPost, code: FindingCode, why: string): boolean => {
    repairs.push({ code, ...post.source, repair: `post left out: ${why}` })
    return false
  }
  const posts = files.flatMap(file => file.posts)
  const held = new Map<string, DoctorPost>()
  for (const post of posts) {
    if (post.split !== 'train' && post.fault === undefined && !held.has(wordsKey(post))) {
      held.set(wordsKey(post), post)
    }
  }
  const trained = new Map<string, DoctorPost[]>()
  const kept = posts.filter(post => {
    if (post.fault !== undefined) return leaveOut(post, post.fault, 'it cannot be read whole')
    if (post.split !== 'train') return true
    const key = wordsKey(post)
    const scored = held.get(key)
    if (scored) {
      const code = haveSameLabels(post, scored) ? 'text-across-splits' : 'conflicting-labels'
      return leaveOut(post, code, `its words are those of ${placeOf(scored)}`)
    }
    const earlier = trained.get(key) ?? []
    const same = earlier.find(other => haveSameLabels(post, other))
    if (same) return leaveOut(post, 'duplicate-text', `the same words and labels as ${placeOf(same)}`)
    trained.set(key, [...earlier, post])
    return true
  })
  return { kept, repairs }
}
