import { classNames } from '../formats/class-names'
import { conll } from '../formats/conll'
import type { Format, Parsed, Place } from '../formats/format'
import { formatOf, POSTS_FILE } from '../formats/formats'
import { huggingFace } from '../formats/hugging-face'
import { jsonl } from '../formats/jsonl'
import { resembledTool } from '../formats/resembling'
import { orphansOf, withoutOrphans } from '../posts/orphans'
import { lineOf, type ParsedPost } from '../posts/post'
import type { Problem } from '../posts/problem'
import { labelNamesBeside } from './label-names'
import { readSource } from './read-source'
import { readingOf } from './reading-options'

/** What a file holds, in the format it is in: every post, and everything that was met. */
export interface ReadFile extends Parsed {
  format: Format
  /** What the file is, where its posts do not stand in lines, e.g. `a JSON file`. */
  container?: string | undefined
  /** The pictures that are in the file, by the names that its posts have for them. */
  pictures?: ReadonlyMap<string, Uint8Array> | undefined
}

/** How files are read, wherever they are. */
export type Reading = Omit<Place, 'file' | 'line' | 'places'>

/** Says where most entities open with I-, which BIO never does. */
function iob1Problem(posts: readonly ParsedPost[]): Problem | undefined {
  const labels = posts.flatMap(({ labels = [] }) => labels)
  const orphans = posts.map(({ labels = [] }) => orphansOf(labels))
  const count = orphans.reduce((sum, { length }) => sum + length, 0)
  const entities = count + labels.filter(label => label.startsWith('B-')).length
  if (2 * count <= entities) return undefined
  const first = orphans.findIndex(({ length }) => length > 0)
  const about = `${count} of ${entities} entities open with I-`
  return {
    code: 'iob1',
    line: lineOf(posts[first]!, orphans[first]![0]!),
    about,
    error: {
      rule: 'must have labels of the BIO scheme, in which B- opens an entity',
      received: `${about}, as in IOB1`,
      fix: "Read it as that (scheme: 'iob1'), or convert the labels.",
    },
  }
}

/** What the error of a file says of its format: the tool's that it was read in, or resembles. */
function remarkOf({ name }: Format, lines: readonly (string | undefined)[]): string {
  if (name !== conll.name && name !== jsonl.name) return ` (Read as ${name}.)`
  const tool = name === jsonl.name ? resembledTool(lines) : undefined
  return tool === undefined ? '' : ` (It resembles ${tool}, which is not read.)`
}

/**
 * Reads a file of posts, and goes on after whatever is wrong in it.
 *
 * @throws InvalidArgumentError when the file itself cannot be read.
 */
export async function readFile(file: string, reading: Reading = {}): Promise<ReadFile> {
  readingOf(reading)
  const {
    lines,
    places,
    container,
    description,
    pictures,
    problems: found,
  } = await readSource(file, POSTS_FILE)
  const format = formatOf(
    file,
    lines.map(line => line ?? ''),
  )
  const described = description === undefined ? undefined : classNames(description)
  const beside = format === huggingFace && !described ? await labelNamesBeside(file) : undefined
  const names = reading.labelNames ?? described ?? beside
  const { posts, problems } = format.parse(lines, { ...reading, file, places, labelNames: names })
  if (reading.scheme === 'iob1') {
    for (const post of posts) if (post.labels) post.labels = withoutOrphans(post.labels)
  }
  const iob1 = iob1Problem(posts)
  const remark = remarkOf(format, lines)
  const read = [...problems, ...(iob1 ? [iob1] : [])].map(({ error, ...problem }) =>
    error ? { ...problem, error: { ...error, fix: error.fix + remark } } : problem,
  )
  return { format, container, pictures, posts, problems: [...found, ...read] }
}
