import type { Post } from '../posts/post'
import { collate, type WordEncoder } from './batches'

/** Posts as a text encoder of `@mafjs/encoders` reads them. */
export interface TokenizedPosts {
  /** `[posts, positions]`: token ids, padded. */
  ids: { data: Int32Array; shape: [posts: number, positions: number] }
  /** `[posts, positions]`: 1 = token, 0 = padding. */
  mask: { data: Float32Array; shape: [posts: number, positions: number] }
}

/**
 * Tokenises posts for a task that reads each as a whole: words beyond the tokenizer's greatest length are left out.
 *
 * @throws InvalidArgumentError for no posts, or for one of which not even a word fits.
 */
export function tokenize(posts: readonly Post[], tokenizer: WordEncoder): TokenizedPosts {
  const { ids, mask, batch, positions } = collate(posts, { tokenizer })
  return { ids: { data: ids, shape: [batch, positions] }, mask: { data: mask, shape: [batch, positions] } }
}
