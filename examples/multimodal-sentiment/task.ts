import type { Given } from '@mafjs/compile'
import type { ApplyOptions, Encoding, Parameters } from '@mafjs/tensor'

/** What of a post is shown to a model; the other side is absent, or the same for every post. */
export type Sides = 'text' | 'picture' | 'both'

/** Text and picture of a batch, whatever encoded them. */
export interface EncodedPosts {
  text: Encoding
  image: Encoding
}

/** What turns a batch into encodings. */
export interface Encoders<Batch extends object> {
  /** Channels of a token. */
  textSize: number
  /** Channels of a region. */
  imageSize: number
  /** What is trained with the model; none where encoders are frozen. */
  parameters(): Parameters
  encode(batch: Batch, options?: ApplyOptions): EncodedPosts
  dispose(): void
}

/** Posts with labels, in a form that a compiled step can read. */
export interface Task<Batch extends object> {
  classes: readonly string[]
  /** Index into `classes` of every post. */
  labels: readonly number[]
  /** Posts of one group are near-duplicates: they are never divided, nor are their pictures exchanged. */
  groups: readonly number[]
  /** What decides the label of every post, where that is known. */
  kinds?: readonly string[]
  createEncoders(seed: number): Encoders<Batch>
  /** Some posts, always in tensors of the same size but for their number. */
  batch(posts: readonly number[], sides: Sides): Given<Batch>
}
