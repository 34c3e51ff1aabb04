import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { classNames } from '../formats/class-names'

/** What `datasets` writes beside the files of a data set. */
const FILES = ['dataset_info.json', 'dataset_infos.json']

/** The names of label numbers that the data set of a file has beside it, if it has any. */
export async function labelNamesBeside(file: string): Promise<string[] | undefined> {
  for (const name of FILES) {
    const text = await readFile(join(dirname(file), name), 'utf8').catch(() => undefined)
    const names = text === undefined ? undefined : classNames(text)
    if (names) return names
  }
  return undefined
}
