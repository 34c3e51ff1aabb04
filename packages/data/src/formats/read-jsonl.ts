import type { Split } from '../posts/example'
import { parsePost } from './parse-post'
import { readLines } from './read-lines'
import { finishSplit, type Post, type ReadOptions, type TextCounts } from './reading'

/**
 * Reads JSONL: one post `{"id", "tokens" | "text", "labels" | "entities", "image" | "images"}` per line; empty lines are skipped.
 *
 * @throws InvalidArgumentError naming file and line of whatever cannot be read without loss.
 */
export async function readJsonl(file: string, options: ReadOptions = {}): Promise<Split> {
  const { types, splitter } = options
  const posts: Post[] = []
  const total: TextCounts = { labelsMapped: 0, wordsSplitAtEntities: 0 }
  for (const [index, text] of (await readLines(file, 'a JSONL file of posts')).entries()) {
    if (text.trim() === '') continue
    const line = index + 1
    const { counts, ...post } = parsePost(text, {
      file,
      line,
      ...(types && { types }),
      ...(splitter && { splitter }),
    })
    posts.push(post)
    total.labelsMapped += counts.labelsMapped
    total.wordsSplitAtEntities += counts.wordsSplitAtEntities
  }
  return finishSplit(file, posts, total, options)
}
