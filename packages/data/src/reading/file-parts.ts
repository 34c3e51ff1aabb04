import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** The documents of brat in a folder, in the order of their names; none where it is no folder, or has none. */
export async function documentsIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => [])
  return names
    .filter(name => /\.ann$/i.test(name))
    .sort()
    .map(name => join(folder, name))
}

/** How the hub names the parts of a file: `train-00000-of-00002.parquet`. */
const PART = /-(\d{5})-of-(\d{5})(?=\.[a-z]+$)/

/** The name of a whole that a file is the first part of, or is itself; nothing for another part. */
export const wholeName = (name: string): string | undefined => {
  const [, number] = PART.exec(name) ?? []
  return number === undefined || Number(number) === 0 ? name.replace(PART, '') : undefined
}

/**
 * The files that are read as one: the documents of a folder, the annotations beside a text, the parts whose first is named; and
 * else the file itself.
 */
export async function partsOf(file: string): Promise<string[]> {
  const documents = await documentsIn(file)
  if (documents.length > 0) return documents
  const annotations = file.replace(/\.txt$/i, '.ann')
  if (annotations !== file && (await stat(annotations).catch(() => undefined))?.isFile()) return [annotations]
  const [, number, count] = PART.exec(file) ?? []
  if (number === undefined || Number(number) > 0) return [file]
  return Array.from({ length: Number(count) }, (_, at) =>
    file.replace(PART, `-${String(at).padStart(5, '0')}-of-${count}`),
  )
}
