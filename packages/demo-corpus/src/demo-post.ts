import type { Entity, Post } from '@mafjs/data'
import type { DemoType } from './entity-types'
import type { PostKind } from './kinds'

/** A name in a post of the demo. */
export interface DemoEntity extends Entity {
  type: DemoType
  /** What tells its type: the words of the post, or only its picture. */
  decidedBy: 'text' | 'picture'
}

/** A post of the demo: an example, and how it was made. */
export interface DemoPost extends Post {
  labels: string[]
  text: string
  offsets: [start: number, end: number][]
  kind: PostKind
  entities: DemoEntity[]
  /** What the picture shows; absent in posts without a picture. */
  pictureClass?: DemoType
  /** The picture's seed, another one for every post; absent in posts without a picture. */
  pictureSeed?: number
}
