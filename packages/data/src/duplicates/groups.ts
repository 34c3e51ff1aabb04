/** Items in groups that can be joined; each group is named by its first. */
export interface Groups {
  firstOf(item: number): number
  join(a: number, b: number): void
}

/** Items that are each a group of its own (a disjoint-set forest with path halving). */
export function createGroups(count: number): Groups {
  const parents = Array.from({ length: count }, (_, i) => i)
  const firstOf = (item: number): number => {
    let first = item
    while (parents[first] !== first) first = parents[first] = parents[parents[first]!]!
    return first
  }
  return {
    firstOf,
    join(a, b) {
      const [one, other] = [firstOf(a), firstOf(b)]
      parents[Math.max(one, other)] = Math.min(one, other)
    },
  }
}
