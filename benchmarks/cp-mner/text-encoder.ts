import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeBert } from '../../tools/tiny-world/write-bert'

/** Writes a BERT from random weights, small enough for eight trainings within an hour on one core, with the vocabulary that has one token for each Chinese character. */
export async function writeTextEncoder(folder: string, models: string): Promise<string> {
  const vocab = await readFile(join(models, 'vocab/bert-base-chinese-vocab.txt'), 'utf8')
  const shape = { hidden: 128, layers: 2, heads: 4, intermediate: 512, maxPositions: 128 }
  await writeBert(folder, shape, { vocab, lowercase: true })
  return folder
}
