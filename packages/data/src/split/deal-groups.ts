import { uniform } from '@mafjs/tensor/random'

/** A post that is dealt out: what it must stay together with, and what each part should have its share of. */
export interface DealtPost {
  /** Posts of one group go into one part. */
  group: number
  /** What it has, as often as it has it, such as the types of its entities. */
  kinds: readonly string[]
}

/** How many of each kind a group has; of posts under a key that is no kind. */
type Counts = Map<string | undefined, number>

const add = (to: Counts, from: Counts): void => {
  for (const [kind, count] of from) to.set(kind, (to.get(kind) ?? 0) + count)
}

/**
 * Deals groups of posts out to parts, so that each has its share of the posts and of every kind as well as whole groups allow: the
 * largest first, each to the part where the squared distances from what is wanted, relative to all there is of a kind, grow least.
 * In which order groups of one size come is drawn.
 *
 * @param shares of the parts, above 0, together 1
 * @returns the part of every post
 */
export function dealGroups(posts: readonly DealtPost[], shares: readonly number[], seed: number): number[] {
  const groups = new Map<number, Counts>()
  const total: Counts = new Map()
  for (const { group, kinds } of posts) {
    const counts = groups.get(group) ?? new Map()
    groups.set(group, counts)
    for (const kind of [undefined, ...kinds]) add(counts, new Map([[kind, 1]]))
  }
  for (const counts of groups.values()) add(total, counts)
  const drawn = uniform(groups.size, { seed, site: 'split' })
  const order = [...groups].map(([group, counts], i) => ({ group, counts, drawn: drawn[i]! }))
  const size = ({ counts }: { counts: Counts }): number => counts.get(undefined)!
  order.sort((a, b) => size(b) - size(a) || a.drawn - b.drawn)

  const parts = shares.map((): Counts => new Map())
  const partOf = new Map<number, number>()
  for (const { group, counts } of order) {
    const growth = shares.map((share, part) => {
      let sum = 0
      for (const [kind, count] of counts) {
        const all = total.get(kind)!
        const missing = share * all - (parts[part]!.get(kind) ?? 0)
        sum += (count * (count - 2 * missing)) / (share * all * all)
      }
      return sum
    })
    const best = growth.indexOf(Math.min(...growth))
    add(parts[best]!, counts)
    partOf.set(group, best)
  }
  return posts.map(({ group }) => partOf.get(group)!)
}
