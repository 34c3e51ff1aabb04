import { join } from 'node:path'
import { type FolderKind, readTextIfThere } from '@mafjs/tensor/files'

/** What a file says that it is of; of one that is damaged nobody knows. */
async function modelType(folder: string, file: string): Promise<unknown> {
  const content = await readTextIfThere(join(folder, file), 'Choose another folder.')
  try {
    return content && JSON.parse(content)?.model_type
  } catch {
    return undefined
  }
}

/** A trained model, or a run that has no best model yet, known by its record or by its last state. */
export const CHECKPOINT_FOLDER: FolderKind = {
  name: 'a MAF checkpoint folder',
  mark: 'config.json',
  isOne: async folder =>
    (await modelType(folder, 'config.json')) === 'maf' ||
    (await modelType(folder, 'run.json')) === 'maf-run' ||
    (await modelType(folder, 'last/config.json')) === 'maf',
}
