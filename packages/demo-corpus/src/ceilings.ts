import type { DemoPost } from './demo-post'
import { demoTypes } from './entity-types'

/** The best strict F1 that each source of knowledge allows on a set of posts, by the way the posts were made. */
export interface DemoCeilings {
  /** Names in the posts. */
  entities: number
  /** Names whose type only the picture tells. */
  decidedByPicture: number
  /** Of those, the names of their most frequent type: what the best guess without pictures gets right. */
  guessedRight: number
  /** Names of posts whose picture misleads. */
  misled: number
  /** A reader of words only, who finds every name. */
  textOnly: number
  /** A reader of words who believes every picture. */
  pictureTrusted: number
  /** A reader of both. */
  textAndPicture: number
}

/**
 * Computes the ceilings from the posts themselves.
 *
 * Whoever finds every name predicts as many names as there are, so precision, recall and F1 are all `right / entities`.
 * With E names, P of them decided by the picture only, G of those P of their most frequent type, and M names whose own
 * picture misleads (the first name of `mismatch` posts):
 *
 *     textOnly       = (E - P + G) / E      their words fit all types equally: one guess for all is the best there is
 *     pictureTrusted = (E - M) / E          all right, but what a picture shows wrongly
 *     textAndPicture = E / E = 1            the words of a post tell whether they decide, and nothing is mislabelled
 *
 * Types are dealt out in turn, so G = P / 4 but for rounding, and `textOnly` = 1 - 0.75 P / E. Without any name all are 1.
 */
export function demoCeilings(posts: readonly DemoPost[]): DemoCeilings {
  const all = posts.flatMap(post => post.entities)
  const open = all.filter(entity => entity.decidedBy === 'picture')
  const guessedRight = Math.max(...demoTypes.map(type => open.filter(entity => entity.type === type).length))
  const misled = posts.filter(post => post.kind === 'mismatch').length
  const share = (right: number) => (all.length === 0 ? 1 : right / all.length)
  return {
    entities: all.length,
    decidedByPicture: open.length,
    guessedRight,
    misled,
    textOnly: share(all.length - open.length + guessedRight),
    pictureTrusted: share(all.length - misled),
    textAndPicture: share(all.length),
  }
}
