import { extname } from 'node:path'
import type { Split } from '../posts/example'
import { readConll } from './read-conll'
import { readJsonl } from './read-jsonl'
import { readLines } from './read-lines'
import type { ReadOptions } from './reading'

/** What a file of posts is, for errors. */
export const POSTS_FILE = 'a file of posts (.txt in CoNLL format, or .jsonl)'

const beginsWithObject = (lines: readonly string[]): boolean => {
  const first = lines.find(line => line.trim() !== '') ?? ''
  try {
    return first.trimStart().startsWith('{') && typeof JSON.parse(first) === 'object'
  } catch {
    return false
  }
}

/**
 * Whether a file is JSONL: its suffix says so, or its first line is a JSON object.
 *
 * @param lines gives the file's lines where the suffix does not decide.
 */
export async function isJsonl(file: string, lines: () => Promise<readonly string[]>): Promise<boolean> {
  const suffix = extname(file).toLowerCase()
  return suffix === '.jsonl' || suffix === '.ndjson' || beginsWithObject(await lines())
}

/**
 * Reads one file of posts: JSONL when its suffix says so or its first line is a JSON object, else CoNLL.
 *
 * @throws InvalidArgumentError naming file and line of whatever cannot be read without loss.
 */
export async function readExamples(file: string, options: ReadOptions = {}): Promise<Split> {
  const suffix = extname(file).toLowerCase()
  const jsonl =
    suffix === '.jsonl' || suffix === '.ndjson' || beginsWithObject(await readLines(file, POSTS_FILE))
  return jsonl ? readJsonl(file, options) : readConll(file, options)
}
