import type { Post } from '../posts/post'
import type { CutPost, WordEncoder } from './batches'
import { type TextWindow, windowsOf } from './windows'

/** One window of one post: what a tagger reads at once. */
export interface WindowRow extends TextWindow {
  /** The whole post. */
  post: Post
  /** Whether it is the first and the last of its post. */
  isFirst: boolean
  isLast: boolean
  /** Word pieces, special tokens included. */
  positions: number
  /** Words of `example` that fit. */
  kept: number
  /** Words that the CRF runs over, where it runs over words. */
  words: number
}

/** How posts become rows. */
export interface WindowRowOptions {
  /** What the CRF runs over. */
  config: { steps: 'words' | 'pieces' }
  tokenizer: WordEncoder & { readonly maxLength: number }
  /** Word pieces that two windows of a long post share at most. @default a long post is cut */
  windowOverlap?: number | undefined
}

/**
 * The windows of posts, in their order. Where the CRF runs over words its loss has each word once, in the window that tags it
 * when the model is used; over word pieces, whose chain is that of the window, it has the words of an overlap twice.
 */
export function windowRows(
  posts: readonly Post[],
  { config, tokenizer, windowOverlap }: WindowRowOptions,
): WindowRow[] {
  return posts.flatMap(post => {
    const windows = windowsOf(post, { tokenizer, windowOverlap })
    return windows.map((window, i) => {
      const { ids, firstPieces } = tokenizer.encodeWords(window.example.words)
      const kept = firstPieces.length
      const { start, end } = window.own
      return {
        ...window,
        post,
        isFirst: i === 0,
        isLast: i === windows.length - 1,
        positions: ids.length,
        kept,
        words: config.steps === 'words' ? Math.min(end, kept) - start : kept,
      }
    })
  })
}

/** Posts of which a window is cut at the length limit. */
export const cutPosts = (rows: readonly WindowRow[]): CutPost[] =>
  rows.flatMap(({ example: { id, source, words }, kept }) =>
    kept < words.length ? [{ id, ...source, words: words.length, kept }] : [],
  )

/** How many posts are read in several windows. */
export const dividedPosts = (rows: readonly WindowRow[]): number =>
  rows.filter(({ isFirst, isLast }) => isFirst && !isLast).length
