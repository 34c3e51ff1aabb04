import { rename, rm, stat } from 'node:fs/promises'
import { InvalidArgumentError } from '@mafjs/tensor/errors'
import { recoverFolder, swapPlaces, withLock, writeFolder, writeSynced } from '@mafjs/tensor/files'
import { findSplitFiles } from '../dataset'
import { formatOf } from '../formats/formats'
import { typesOf } from '../posts/labels'
import type { ParsedPost, Post } from '../posts/post'
import { reportOf } from '../reading/read-examples'
import type { Reading } from '../reading/read-file'
import { readWithoutLoss } from '../reading/read-without-loss'
import { reportLines, unreadNotes } from '../report-lines'
import { unpackPictures } from '../unpack-pictures'
import { assertNewFolder, NEW_FOLDER } from '../writing/assert-new-folder'
import { labelInterface } from './label-studio-target'
import type { ConversionTarget, TargetOptions } from './target'
import { TARGET_NAMES, TARGETS, type TargetName } from './targets'

/** What is converted, and to what. */
export interface ConvertRunOptions extends Omit<Reading, 'labels'>, TargetOptions {
  /** A file of posts, or a folder with train, valid and test. */
  data: string
  /** The file or folder to write; it must not exist. */
  out: string
  /** The folder that pictures are written into which stand in the data itself (Parquet). @default they are left, and counted */
  images?: string | undefined
  to: TargetName
}

/** What is left where no folder is given for pictures. */
const PICTURES = 'pictures in the data itself, which need a folder (images)'

/** What was converted, as plain JSON. */
export interface ConvertReport {
  to: TargetName
  posts: number
  /** Entity types, sorted. */
  types: string[]
  /** What the format cannot hold and was left, each kind with its count; nothing where all was carried over. */
  left: { what: string; count: number }[]
  /** What reading met that a person should know. */
  notes: string[]
  /** Label Studio's labelling interface for these posts. */
  labelInterface?: string
}

/**
 * Converts a file of posts, or each split of a folder, to another format. What was written is read again before it is put in place: it
 * has the same words, labels and pictures, and what else its format cannot hold is counted.
 *
 * @throws InvalidArgumentError for posts that cannot be read without loss or that the format cannot hold, or an `out` that is there
 * already or would be read as another format; nothing is written then.
 */
export function convertRun(options: ConvertRunOptions): Promise<ConvertReport> {
  return withLock(options.out, { command: 'ner-maf convert' }, () => convertInto(options))
}

async function convertInto({
  data,
  out,
  to,
  images,
  modelVersion,
  imagePrefix,
  ...reading
}: ConvertRunOptions): Promise<ConvertReport> {
  const target = TARGET_NAMES.includes(to) ? TARGETS[to] : undefined
  if (!target) {
    const rule = `must be one of ${TARGET_NAMES.join(', ')}`
    throw new InvalidArgumentError({ argument: 'to', rule, received: String(to) })
  }
  const path = await assertNewFolder(out, [data], 'out')
  const files = await findSplitFiles({ data })
  const isFolder = (await stat(data)).isDirectory()
  const notes = await unreadNotes(data)
  const splits = new Map<string, Post[]>()
  const left = new Map<string, number>()
  for (const [name, file] of files) {
    const read = await readWithoutLoss(file, reading)
    notes.push(
      ...reportLines({ name: isFolder ? name : 'read', examples: read.posts, report: reportOf(read) }),
    )
    for (const [what, count] of read.posts.flatMap(target.leaves)) {
      if (count > 0) left.set(what, (left.get(what) ?? 0) + count)
    }
    const inFile = read.pictures?.size ?? 0
    if (images === undefined && inFile > 0) left.set(PICTURES, (left.get(PICTURES) ?? 0) + inFile)
    const isOwn = read.format === target.format && read.container === undefined
    splits.set(name, isOwn ? read.posts : read.posts.map(withoutLines))
  }
  const all = [...splits.values()].flat()
  const texts = new Map<string, string>()
  for (const [name, posts] of splits) {
    const text = target.write(posts, { modelVersion, imagePrefix, all })
    assertSame(text, posts, target, reading)
    texts.set(`${name}${target.suffix}`, text)
  }
  const [only = ''] = texts.values()
  if (!isFolder) assertSuffix(path, only, target)
  // Pictures first: posts never stand there without those that they name.
  if (images !== undefined) {
    const count = await unpackPictures({ data, images })
    notes.push(`${count} pictures written to ${images}`)
  }
  if (isFolder) {
    const written = [...texts, ...(target.beside?.(splits) ?? [])]
    await writeFolder(path, Object.fromEntries(written), { kind: NEW_FOLDER })
  } else await writeFile(path, only)
  return {
    ...{ to, posts: all.length, types: typesOf(all), notes },
    left: [...left].map(([what, count]) => ({ what, count })),
    ...(to === 'label-studio' && { labelInterface: labelInterface(all) }),
  }
}

/** What another format has in its lines and fields is not written again; the entities of a text stay. */
const withoutLines = ({ written: { first, entities }, ...post }: ParsedPost): Post => ({
  ...post,
  written: { lines: [], first, ...(entities && { entities }) },
})

/** Reads what is to be written, and stops where it says something else. */
function assertSame(
  text: string,
  posts: readonly Post[],
  { name, format }: ConversionTarget,
  reading: Reading,
): void {
  if (!format) return
  const place = { file: 'written', splitter: reading.splitter }
  // As files are read: without a byte order mark, and a carriage return at a line's end.
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/)
  const { posts: again } = format.parse(lines.slice(0, -1), place)
  const said = (post: Post | undefined): string =>
    JSON.stringify(post && [post.words, post.labels, post.pictures ?? []])
  const differs = posts.findIndex((post, i) => said(post) !== said(again[i]))
  const post = posts[Math.max(0, differs)]!
  if (differs < 0 && again.length === posts.length) return
  throw new InvalidArgumentError({
    argument: `${post.source.file}:${post.source.line}`,
    rule: `must be a post that ${name} can hold`,
    received: `words, labels or pictures that would be read otherwise from ${name}`,
    fix: "Convert to JSONL (to: 'jsonl'), which holds every post, or change what is odd in this one.",
  })
}

/** Refuses the name of a file that would be read as another format. */
function assertSuffix(path: string, text: string, { name, suffix, format }: ConversionTarget): void {
  const isRead = format === undefined || formatOf(path, text.split('\n')) === format
  if (isRead && path.endsWith('.json') === (suffix === '.json')) return
  throw new InvalidArgumentError({
    argument: 'out',
    rule: `must have the suffix of ${name}`,
    received: path,
    fix: `Call it ${path.replace(/\.[^./\\]*$/, '')}${suffix}.`,
  })
}

/** Writes one new file, whole or not at all. */
async function writeFile(path: string, text: string): Promise<void> {
  await recoverFolder(path) // what an interrupted run left beside it
  const { partial } = swapPlaces(path)
  try {
    await writeSynced(partial, text)
    await rename(partial, path)
  } catch (error) {
    await rm(partial, { force: true })
    throw error
  }
}
