import { readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { InvalidArgumentError } from '@mafjs/tensor/errors'
import { textOfPair } from './containers/brat-pair'
import { POSTS_FILE, POSTS_SUFFIXES } from './formats/formats'
import { dataError, quoted } from './posts/data-error'
import type { Split } from './posts/post'
import { documentsIn, wholeName } from './reading/file-parts'
import { type ReadOptions, readExamples } from './reading/read-examples'

/** The names a split's file may have, without its suffix. */
const SPLIT_FILES = {
  train: ['train'],
  valid: ['valid', 'val', 'dev', 'validation'],
  test: ['test'],
} as const

/** One of the three splits. */
export type SplitName = keyof typeof SPLIT_FILES

/** The splits that are there. */
export type Dataset = Partial<Record<SplitName, Split>>

/** What a data set is read from. */
export interface DatasetOptions extends Omit<ReadOptions, 'name'> {
  /** A folder with train, valid (or val, dev) and test files, or one file. */
  data: string
  /** The splits that must be there. @default any one of them */
  required?: readonly SplitName[] | undefined
}

const names = Object.keys(SPLIT_FILES) as SplitName[]
const splitOfStem = (stem: string): SplitName | undefined =>
  names.find(split => (SPLIT_FILES[split] as readonly string[]).includes(stem))

/** The split that a file's name says: `train.txt`, `train-00000-of-00001.parquet`. */
function splitOfFile(file: string): SplitName | undefined {
  const name = wholeName(file) ?? ''
  const suffix = POSTS_SUFFIXES.find(one => name.endsWith(one))
  return suffix === undefined ? undefined : splitOfStem(name.slice(0, -suffix.length))
}

const cannotRead = (data: string, error: Error): never => {
  throw dataError({
    file: data,
    rule: `must be ${POSTS_FILE} or a folder with train, valid and test files`,
    received: error.message,
    fix: 'Check the path and that it may be read.',
  })
}

/** The folders of a split that hold documents of brat. */
async function foldersOf(folder: string, split: SplitName): Promise<string[]> {
  const found: string[] = []
  for (const name of SPLIT_FILES[split]) {
    if ((await documentsIn(join(folder, name))).length > 0) found.push(name)
  }
  return found
}

/** The one file of each split in a folder. */
const findFiles = async (folder: string, required: readonly SplitName[]): Promise<Map<SplitName, string>> => {
  const there = new Set(await readdir(folder).catch(error => cannotRead(folder, error)))
  const files = new Map<SplitName, string>()
  for (const split of names) {
    const found = [...there].filter(
      name => splitOfFile(name) === split && !(name.endsWith('.ann') && there.has(textOfPair(name))),
    )
    if (found.length === 0) found.push(...(await foldersOf(folder, split)))
    if (found.length > 1) {
      throw dataError({
        file: folder,
        rule: `must have one file of the split ${split}`,
        received: found.sort().join(', '),
        fix: 'Keep one of them; which to read cannot be guessed.',
      })
    }
    if (found[0] !== undefined) files.set(split, join(folder, found[0]))
  }
  // A folder of documents is one file.
  if (files.size === 0 && (await documentsIn(folder)).length > 0)
    files.set(splitOfStem(basename(folder)) ?? 'train', folder)
  const missing = required.filter(split => !files.has(split))
  if (missing.length > 0 || files.size === 0) {
    const expected = missing.length > 0 ? missing : names
    throw dataError({
      file: folder,
      rule: `must hold ${expected.map(split => SPLIT_FILES[split].join(' or ')).join(', and ')} as ${POSTS_FILE}`,
      received: there.size === 0 ? 'an empty folder' : [...there].sort().slice(0, 10).join(', '),
      fix: 'Put the posts of each split there, in one file.',
    })
  }
  return files
}

/**
 * The file of each split: of a folder with `train`, `valid` (or `val`, `dev`) and `test` with the suffix of a format, or one file, which
 * is the split its name says, else `train`.
 *
 * @throws InvalidArgumentError naming what is missing or doubled.
 */
export async function findSplitFiles({
  data,
  required = [],
}: Pick<DatasetOptions, 'data' | 'required'>): Promise<Map<SplitName, string>> {
  const found = await stat(data).catch(error => cannotRead(data, error))
  if (found.isDirectory()) return findFiles(data, required)
  const split = splitOfFile(basename(data)) ?? 'train'
  const missing = required.filter(name => name !== split)
  if (missing.length > 0) {
    throw dataError({
      file: data,
      rule: `must be a folder with ${missing.join(', ')} too`,
      received: `one file, read as ${split}`,
      fix: 'Put the files of all splits into one folder and name the folder.',
    })
  }
  return new Map([[split, data]])
}

/**
 * The files in a data folder that are no split of it, by name; none where the data is one file. Hidden ones do not count.
 *
 * @throws InvalidArgumentError for a folder that cannot be read.
 */
export async function unreadFiles(data: string): Promise<string[]> {
  const found = await stat(data).catch(error => cannotRead(data, error))
  if (!found.isDirectory()) return []
  const entries = await readdir(data, { withFileTypes: true }).catch(error => cannotRead(data, error))
  const documents = (await documentsIn(data)).map(file => basename(file))
  const read = new Set([...documents, ...documents.map(textOfPair)])
  // The parts of a file are read with its first.
  const isRead = (name: string): boolean =>
    read.has(name) || splitOfFile(name.replace(/-\d{5}-of-/, '-00000-of-')) !== undefined
  return entries
    .filter(entry => !entry.isDirectory() && !entry.name.startsWith('.') && !isRead(entry.name))
    .map(({ name }) => name)
    .sort()
}

/**
 * Reads a data set: a folder with `train`, `valid` (or `val`, `dev`) and `test` with the suffix of a format, or one file, which is the
 * split its name says, else `train`.
 *
 * @throws InvalidArgumentError naming what is missing, doubled or cannot be read without loss.
 */
export async function readDataset(given: DatasetOptions): Promise<Dataset> {
  if (typeof given !== 'object' || given === null || typeof given.data !== 'string') {
    throw new InvalidArgumentError({
      argument: 'options',
      rule: 'must be { data: PATH }, an object in which data is the path of a folder or a file',
      received: typeof given === 'string' ? quoted(given) : typeof given,
      fix: `Call readDataset({ data: ${typeof given === 'string' ? quoted(given) : "'corpus'"} }).`,
    })
  }
  const { data, required = [], ...options } = given
  const dataset: Dataset = {}
  for (const [split, file] of await findSplitFiles({ data, required })) {
    // A file of another name is read as a split, but keeps its name.
    const name = splitOfFile(basename(file)) === split || basename(file) === split ? split : undefined
    dataset[split] = await readExamples(file, { ...options, name })
  }
  return dataset
}
