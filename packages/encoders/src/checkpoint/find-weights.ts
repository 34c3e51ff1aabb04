import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { InvalidArgumentError } from '@mafjs/tensor'
import { WEIGHT_FILES } from '../weights'

/** Whether there is a file (no folder) at a path. */
export async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false
}

/** Whether there is a folder at a path. */
export async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false
}

/**
 * The weights of a checkpoint folder, the first of {@link WEIGHT_FILES} that is there.
 *
 * @throws InvalidArgumentError where there are neither.
 */
export async function findWeights(folder: string): Promise<string> {
  for (const name of WEIGHT_FILES) {
    const file = join(folder, name)
    if (await isFile(file)) return file
  }
  throw missingFile(folder, oneOf(WEIGHT_FILES))
}

const oneOf = (names: readonly string[]): string => `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`

/** The error of a checkpoint folder that lacks a file. */
export function missingFile(folder: string, name: string): InvalidArgumentError {
  return new InvalidArgumentError({
    argument: folder,
    rule: `must hold ${name}`,
    received: 'no such file',
    fix: 'Name the folder of a whole checkpoint.',
  })
}
