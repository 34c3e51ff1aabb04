import { nearDuplicates } from '@mafjs/data'
import { SPLITS, type SplitName } from './sources'

/** Where a post comes from, and its words. */
export interface Placed {
  set: string
  split: SplitName
  words: readonly string[]
}

/** How many posts were left out of one place since another has them: `from` and `kept` are `set/split`. */
export interface LeftOut {
  from: string
  kept: string
  count: number
}

/** From which share of common pairs of words on two posts are one: a retweet with a few words of comment, a quotation. */
const SAME = 0.6

/** With fewer words than these two posts are one only where their user names and addresses are the same too. */
const FEW = 4

const MASKED = /^(@\w+|(https?:|www\.).*|url\d+|rt)$/

/** What two copies of a post have in common: no capitals, user names, addresses or mark of a retweet. */
function contentOf(words: readonly string[]): string {
  const lower = words.map(word => word.toLowerCase())
  const content = lower.filter(word => !MASKED.test(word) && /[\p{L}\p{N}]/u.test(word))
  // One word has no neighbours: it is like itself alone.
  return content.length < FEW ? lower.join('').replace(/[^\p{L}\p{N}]/gu, '') : content.join(' ')
}

/** Test comes first, so that it stays as it was published; then validation; of sets the first in the list. */
const rank = ({ split }: Placed): number => SPLITS.length - SPLITS.indexOf(split)

/**
 * Leaves out posts that another set or split has too, or nearly: a group of them stays where its first place is. Copies within
 * one split of one set stay as they are.
 */
export function withoutCopies<Post extends Placed>(
  posts: readonly Post[],
): { kept: Post[]; leftOut: LeftOut[] } {
  const groups = nearDuplicates(
    posts.map(({ words }) => ({ text: contentOf(words) })),
    { textSimilarity: SAME },
  )
  const placeOf = ({ set, split }: Placed): string => `${set}/${split}`
  const homes = new Map<number, Post>()
  for (const [i, post] of posts.entries()) {
    const home = homes.get(groups[i]!)
    if (home === undefined || rank(post) < rank(home)) homes.set(groups[i]!, post)
  }
  const counts = new Map<string, LeftOut>()
  const kept = posts.filter((post, i) => {
    const [from, home] = [placeOf(post), placeOf(homes.get(groups[i]!)!)]
    if (from === home) return true
    const pair = `${from} ${home}`
    const { count } = counts.get(pair) ?? { count: 0 }
    counts.set(pair, { from, kept: home, count: count + 1 })
    return false
  })
  return { kept, leftOut: [...counts.values()] }
}
