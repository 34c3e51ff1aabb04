import { sep } from 'node:path'
import { InvalidArgumentError } from '@mafjs/tensor'
import { exists, type FolderKind, folderPath } from '@mafjs/tensor/files'

/**
 * The path that something new is written to, without links.
 *
 * @param argument what the path was given as, for errors
 * @throws InvalidArgumentError when it exists already, or lies inside a source.
 */
export async function assertNewFolder(
  folder: string,
  sources: readonly string[],
  argument: string,
): Promise<string> {
  const refuse = (rule: string, fix: string): never => {
    throw new InvalidArgumentError({ argument, rule, received: folder, fix })
  }
  const target = await folderPath(folder)
  if (await exists(target))
    refuse('must not exist yet', 'Choose another path, or remove what is there yourself.')
  for (const source of sources) {
    const inside = `${await folderPath(source)}${sep}`
    if (target.startsWith(inside)) {
      refuse(`must not lie inside ${source}, which stays as it is`, 'Choose a folder elsewhere.')
    }
  }
  return target
}

/** A folder of data that is new: it takes the place of no other. */
export const NEW_FOLDER: FolderKind = { name: 'no folder', mark: '', isOne: async () => false }
