import type { Post } from '../posts/post'
import { type CollateOptions, collate, type WordEncoder } from './batches'

/** Posts as a text encoder of `@mafjs/encoders` reads them. */
export interface TokenizedPosts {
  /** `[posts, positions]`: token ids, padded. */
  ids: { data: Int32Array; shape: [posts: number, positions: number] }
  /** `[posts, positions]`: 1 = token, 0 = padding. */
  mask: { data: Float32Array; shape: [posts: number, positions: number] }
  /** `[posts, positions]`, with `wordShape`: of each piece the shape of its word. */
  shapes?: { data: Int32Array; shape: [posts: number, positions: number] }
}

/**
 * Tokenises posts for a task that reads each as a whole: words beyond the tokenizer's greatest length are left out.
 *
 * @param options `wordShape`: what gives the shape of a word, for an encoder with `wordShapes`. @default no shapes
 * @throws InvalidArgumentError for no posts, or for one of which not even a word fits.
 */
export function tokenize(
  posts: readonly Post[],
  tokenizer: WordEncoder,
  options: Pick<CollateOptions, 'wordShape'> = {},
): TokenizedPosts {
  const { ids, mask, shapes, batch, positions } = collate(posts, { ...options, tokenizer })
  const shape = (): [posts: number, positions: number] => [batch, positions]
  return {
    ids: { data: ids, shape: shape() },
    mask: { data: mask, shape: shape() },
    ...(shapes && { shapes: { data: shapes, shape: shape() } }),
  }
}
