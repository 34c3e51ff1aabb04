import { dataFingerprint, pictureFingerprint } from './fingerprints'
import { pictureIdOf } from './pictures/pictures-of'
import type { Post } from './posts/post'

/** What tells whether two splits are the same. */
export interface SplitFingerprint {
  posts: number
  words: number
  /** Spans that a `B-` label opens. */
  entities: number
  /** Posts whose picture is at hand. */
  pictures: number
  /** Of words and labels. */
  data: string
  /** Of the pictures' file names. */
  pictureNames: string
}

/** What tells a split from another one, for people and machines. */
export function splitFingerprint(examples: readonly Post[]): SplitFingerprint {
  const words = examples.reduce((sum, { words }) => sum + words.length, 0)
  const labels = examples.flatMap(({ labels = [] }) => labels)
  // By their names alone: what the files hold plays no part.
  const files = examples.map(({ image, images }) => pictureIdOf({ image, images }))
  return {
    posts: examples.length,
    words,
    entities: labels.filter(label => label.startsWith('B-')).length,
    pictures: files.filter(file => file !== undefined).length,
    data: dataFingerprint(examples),
    pictureNames: pictureFingerprint(files),
  }
}
