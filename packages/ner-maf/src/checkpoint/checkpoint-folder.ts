import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FolderKind } from '../folders/write-folder'

const modelType = (folder: string, file: string): Promise<unknown> =>
  readFile(join(folder, file), 'utf8')
    .then(text => JSON.parse(text)?.model_type)
    .catch(() => undefined)

/** A trained model, or a run that has no best model yet. */
export const CHECKPOINT_FOLDER: FolderKind = {
  name: 'a MAF checkpoint folder',
  mark: 'config.json',
  isOne: async folder =>
    (await modelType(folder, 'config.json')) === 'maf' || (await modelType(folder, 'run.json')) === 'maf-run',
}
