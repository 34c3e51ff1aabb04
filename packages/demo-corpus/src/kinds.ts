import { InvalidArgumentError, permutation } from '@mafjs/tensor'
import { type DemoType, demoTypes } from './entity-types'

/**
 * What decides the type of a post's first name:
 *
 * - `text`: its words do, and the picture shows the same
 * - `picture`: only the picture does; the words fit all four types
 * - `mismatch`: its words do, and the picture shows something of another type
 * - `no-picture`: its words do, there is no picture
 * - `no-entity`: there is no name; the picture shows anything
 */
export const postKinds = ['text', 'picture', 'mismatch', 'no-picture', 'no-entity'] as const

/** What decides the type of a post's first name. */
export type PostKind = (typeof postKinds)[number]

/** The share of every kind of post; they add up to 1. */
export type PostShares = Record<PostKind, number>

/**
 * The shares by default. Neither source may be enough alone: with one name in eight posts more, a reader of text only can
 * reach 1 - 0.75 x 0.40 / 1.05 = 0.71, and one who always believes the picture 1 - 0.16 / 1.05 = 0.85. Among posts whose
 * words tell the type, twice as many pictures match as mislead: what belongs together must be the rule for a module that
 * learns it from the posts themselves, by telling them from exchanged ones.
 */
export const defaultShares: PostShares = {
  text: 0.32,
  picture: 0.4,
  mismatch: 0.16,
  'no-picture': 0.05,
  'no-entity': 0.07,
}

/** What one post is to be. */
export interface PlannedPost {
  kind: PostKind
  /** The first name's type; absent for `no-entity`. */
  type?: DemoType
  /** What the picture shows; absent for `no-picture`. */
  pictureClass?: DemoType
}

/** Whole numbers of posts that add up to `count`: the largest remainders are rounded up. */
function countsOf(shares: PostShares, count: number): Map<PostKind, number> {
  const exact = postKinds.map(kind => ({ kind, posts: shares[kind] * count }))
  const counts = new Map(exact.map(({ kind, posts }) => [kind, Math.floor(posts + 1e-9)]))
  const missing = count - [...counts.values()].reduce((sum, posts) => sum + posts, 0)
  const byRemainder = [...exact].sort((a, b) => (b.posts % 1) - (a.posts % 1))
  for (const { kind } of byRemainder.slice(0, missing)) counts.set(kind, counts.get(kind)! + 1)
  return counts
}

function planned(kind: PostKind, i: number): PlannedPost {
  const place = i % demoTypes.length
  const type = demoTypes[place]!
  if (kind === 'no-picture') return { kind, type }
  if (kind === 'no-entity') return { kind, pictureClass: type }
  // every type is shown wrongly as each of the other three equally often
  const shift = kind === 'mismatch' ? 1 + (Math.floor(i / demoTypes.length) % (demoTypes.length - 1)) : 0
  return { kind, type, pictureClass: demoTypes[(place + shift) % demoTypes.length]! }
}

/**
 * Plans the posts of a split: kinds by their shares, types dealt out in turn within each kind, in random order.
 *
 * @throws InvalidArgumentError when a share is negative or they do not add up to 1.
 */
export function planPosts(
  count: number,
  shares: PostShares,
  key: { seed: number; site: string },
): PlannedPost[] {
  const total = postKinds.reduce((sum, kind) => sum + shares[kind], 0)
  if (!postKinds.every(kind => shares[kind] >= 0) || Math.abs(total - 1) > 1e-6) {
    throw new InvalidArgumentError({
      argument: 'shares',
      rule: `must give ${postKinds.join(', ')} shares of at least 0 that add up to 1`,
      received: shares,
    })
  }
  const posts = [...countsOf(shares, count)].flatMap(([kind, size]) =>
    Array.from({ length: size }, (_, i) => planned(kind, i)),
  )
  return permutation(count, key).map(i => posts[i]!)
}
