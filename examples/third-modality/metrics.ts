import { areaUnderRoc } from '@mafjs/evaluate'
import { GROUPS, type Group, type Post } from './draw-posts'
import type { Judgement } from './train-classifier'

/** Share of posts whose subject was found. */
export function accuracy(posts: readonly Post[], judgements: readonly Judgement[]): number {
  return posts.filter(({ subject }, row) => subject === judgements[row]!.subject).length / posts.length
}

/** What one model scored on the test posts, each in [0, 1]. */
export interface Scores {
  all: number
  groups: Record<Group, number>
  /** Probability that a fitting sound has a higher match than a misleading one, where the words are clear. */
  matchAuc: number
}

/** The scores of judgements, over all posts and by what decides. */
export function scorePosts(posts: readonly Post[], judgements: readonly Judgement[]): Scores {
  const rowsOf = (group: Group): number[] => posts.flatMap((post, row) => (post.group === group ? [row] : []))
  const chosen = <T>(list: readonly T[], rows: readonly number[]): T[] => rows.map(row => list[row]!)
  const matches = (group: Group): number[] => chosen(judgements, rowsOf(group)).map(({ match }) => match)
  return {
    all: accuracy(posts, judgements),
    groups: Object.fromEntries(
      Object.keys(GROUPS).map(name => {
        const rows = rowsOf(name as Group)
        return [name, accuracy(chosen(posts, rows), chosen(judgements, rows))]
      }),
    ) as Record<Group, number>,
    // Both kinds are drawn in every split.
    matchAuc: areaUnderRoc(matches('text decides'), matches('sound misleads'))!,
  }
}
