import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { InvalidArgumentError } from '@mafjs/tensor'

const WEIGHT_FILES = ['model.safetensors', 'pytorch_model.bin']

/** Whether there is a file (no folder) at a path. */
export async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false
}

/** Whether there is a folder at a path. */
export async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false
}

/**
 * The weights of a checkpoint folder: safetensors before a pickle.
 *
 * @throws InvalidArgumentError where there are neither.
 */
export async function findWeights(folder: string): Promise<string> {
  for (const name of WEIGHT_FILES) {
    const file = join(folder, name)
    if (await isFile(file)) return file
  }
  throw missingFile(folder, WEIGHT_FILES.join(' or '))
}

/** The error of a checkpoint folder that lacks a file. */
export function missingFile(folder: string, name: string): InvalidArgumentError {
  return new InvalidArgumentError({
    argument: folder,
    rule: `must hold ${name}`,
    received: 'no such file',
    fix: 'Name the folder of a whole checkpoint.',
  })
}
