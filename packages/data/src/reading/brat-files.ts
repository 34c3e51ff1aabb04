import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** The documents of brat in a folder, in the order of their names; none where it is no folder, or has none. */
export async function bratFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => [])
  return names
    .filter(name => /\.ann$/i.test(name))
    .sort()
    .map(name => join(folder, name))
}

/** The annotations beside a text, where it is one that brat annotated. */
export async function annotationsBeside(file: string): Promise<string | undefined> {
  const annotations = file.replace(/\.txt$/i, '.ann')
  const isThere = annotations !== file && (await stat(annotations).catch(() => undefined))?.isFile()
  return isThere ? annotations : undefined
}
