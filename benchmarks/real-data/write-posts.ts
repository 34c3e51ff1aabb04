import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Dataset } from '@mafjs/data'

/** The splits of a data set under the names of their files. */
export const splitsOf = (dataset: Dataset): [name: 'train' | 'valid' | 'test', split: Dataset['train']][] =>
  (['train', 'valid', 'test'] as const).flatMap(name => (dataset[name] ? [[name, dataset[name]]] : []))

/** Writes the words and labels of every post, as our reader gives them, for the opponent. */
export async function writePosts(folder: string, dataset: Dataset): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const [name, split] of splitsOf(dataset)) {
    const lines = split!.examples.map(
      ({ words: tokens, labels }) => `${JSON.stringify({ tokens, labels })}\n`,
    )
    await writeFile(join(folder, `${name}.jsonl`), lines.join(''))
  }
}

/** Copies the training and validation splits alone, so that nothing can be chosen by the test split. */
export async function withoutTest(data: string, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true })
  for (const name of await readdir(data)) {
    if (/^(train|valid|dev|validation)\./.test(name)) await copyFile(join(data, name), join(folder, name))
  }
  return folder
}
