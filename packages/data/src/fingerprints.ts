import { createHash } from 'node:crypto'
import { isLabelledInPart, type LabelledPart } from './posts/labelled-part'
import type { Post } from './posts/post'

function digest(lines: Iterable<unknown>): string {
  const hash = createHash('sha256')
  for (const line of lines) hash.update(`${JSON.stringify(line)}\n`)
  return `sha256:${hash.digest('hex')}`
}

/**
 * Tells labelled posts from all others: SHA-256 over one line of JSON for each post, `[words, labels]` as they were read,
 * in order, and what of a post was not labelled. Ids, pictures and the file's format play no part.
 */
export const dataFingerprint = (
  examples: readonly (Pick<Post, 'words' | 'labels'> & LabelledPart)[],
): string =>
  digest(
    examples.map(post => {
      const { words, labels, labelledTypes, unlabelled } = post
      return [words, labels ?? null, ...(isLabelledInPart(post) ? [{ labelledTypes, unlabelled }] : [])]
    }),
  )

/**
 * Tells which picture each post was read with: SHA-256 over one line of JSON for each post, the picture's file name inside
 * its folder or null, in order. What the files hold plays no part.
 */
export const pictureFingerprint = (files: readonly (string | undefined)[]): string =>
  digest(files.map(file => file ?? null))
