import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { InvalidArgumentError } from '@mafjs/tensor'
import type { PairRecord } from './pairs'

/** A line of a JSONL and what it says. */
export interface PairLine extends PairRecord {
  /** As it stands in the file. */
  line: string
}

/** Pairs, and the folder that their pictures are in. */
export interface ReadLines {
  lines: PairLine[]
  images: string
}

/**
 * Reads pairs: a JSONL of `{ id, text, image }` with whatever else, pictures relative to its folder; or a folder with
 * `NAME.txt` beside `NAME.jpg`, as MVSA has them, sorted by name.
 *
 * @throws InvalidArgumentError for a line that is no such object, or has a score already.
 */
export async function readLines(path: string): Promise<ReadLines> {
  const found = await stat(path).catch(() => undefined)
  if (found?.isDirectory()) return { lines: await readFolder(path), images: path }
  if (!found) {
    throw new InvalidArgumentError({
      argument: '--data',
      rule: 'must be a JSONL file, or a folder of NAME.txt beside NAME.jpg',
      received: `${path}, which is not there`,
    })
  }
  const text = decodeText(await readFile(path), path)
  const lines = text
    .split('\n')
    .flatMap((line, i) => (line.trim() === '' ? [] : [readLine(line, path, i + 1)]))
  return { lines, images: dirname(path) }
}

function readLine(line: string, path: string, number: number): PairLine {
  const refuse = (rule: string, received: unknown, fix?: string): never => {
    throw new InvalidArgumentError({ argument: `${path}:${number}`, rule, received, ...(fix && { fix }) })
  }
  let record: unknown
  try {
    record = JSON.parse(line)
  } catch (error) {
    refuse('must be a JSON object on one line', (error as Error).message)
  }
  if (typeof record !== 'object' || record === null || Array.isArray(record)) {
    refuse('must be a JSON object', Array.isArray(record) ? 'a list' : JSON.stringify(record))
  }
  const { id, text, image, score } = record as Record<string, unknown>
  if (typeof id !== 'string' && typeof id !== 'number') {
    refuse('must have an "id", a string or a number', JSON.stringify(id))
  }
  if (typeof text !== 'string') refuse('must have a "text", a string', JSON.stringify(text))
  if (typeof image !== 'string') refuse('must have an "image", the path of a picture', JSON.stringify(image))
  if (score !== undefined) {
    refuse('must have no "score" yet', JSON.stringify(score), 'Rename that field: nothing is overwritten.')
  }
  return { id: id as string | number, text: text as string, image: image as string, line: line.trim() }
}

async function readFolder(folder: string): Promise<PairLine[]> {
  const files = (await readdir(folder)).sort()
  const pictures = new Set(files.filter(file => extname(file) === '.jpg'))
  const lines: PairLine[] = []
  for (const file of files.filter(file => extname(file) === '.txt')) {
    const id = basename(file, '.txt')
    const image = `${id}.jpg`
    if (!pictures.has(image)) continue
    const record = { id, text: decodeText(await readFile(join(folder, file)), join(folder, file)), image }
    lines.push({ ...record, line: JSON.stringify(record) })
  }
  return lines
}

/** Tried in turn: UTF-8 refuses what is something else. A quarter of MVSA's texts are GB18030. */
function decodeText(bytes: Uint8Array, path: string): string {
  for (const encoding of ['utf-8', 'gb18030']) {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes)
    } catch {}
  }
  throw new InvalidArgumentError({
    argument: path,
    rule: 'must be text in UTF-8 or GB18030',
    received: 'other bytes',
    fix: 'Convert it to UTF-8.',
  })
}
