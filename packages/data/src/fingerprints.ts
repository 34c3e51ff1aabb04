import { createHash } from 'node:crypto'
import type { Post } from './posts/post'

function digest(lines: Iterable<unknown>): string {
  const hash = createHash('sha256')
  for (const line of lines) hash.update(`${JSON.stringify(line)}\n`)
  return `sha256:${hash.digest('hex')}`
}

/**
 * Tells labelled posts from all others: SHA-256 over one line of JSON for each post, `[words, labels]` as they were read,
 * in order. Ids, pictures and the file's format play no part.
 */
export const dataFingerprint = (examples: readonly Pick<Post, 'words' | 'labels'>[]): string =>
  digest(examples.map(({ words, labels }) => [words, labels ?? null]))

/**
 * Tells which picture each post was read with: SHA-256 over one line of JSON for each post, the picture's file name inside
 * its folder or null, in order. What the files hold plays no part.
 */
export const pictureFingerprint = (files: readonly (string | undefined)[]): string =>
  digest(files.map(file => file ?? null))
