import type { Format, Parsed, Place } from '../formats/format'
import { formatOf, POSTS_FILE } from '../formats/formats'
import { readSource } from './read-source'

/** What a file holds, in the format it is in: every post, and everything that was met. */
export interface ReadFile extends Parsed {
  format: Format
}

/**
 * Reads a file of posts, and goes on after whatever is wrong in it.
 *
 * @throws InvalidArgumentError when the file itself cannot be read.
 */
export async function readFile(file: string, place: Omit<Place, 'file' | 'line'> = {}): Promise<ReadFile> {
  const { lines, problems: found } = await readSource(file, POSTS_FILE)
  const format = formatOf(
    file,
    lines.map(line => line ?? ''),
  )
  const { posts, problems } = format.parse(lines, { ...place, file })
  return { format, posts, problems: [...found, ...problems] }
}
