import { sep } from 'node:path'
import { InvalidArgumentError } from '@mafjs/tensor'
import { exists, folderPath } from '@mafjs/tensor/files'

/**
 * The path a repaired copy is written to, without links.
 *
 * @throws InvalidArgumentError when it exists already, or lies inside the source.
 */
export async function assertNewFolder(folder: string, sources: readonly string[]): Promise<string> {
  const refuse = (rule: string, fix: string): never => {
    throw new InvalidArgumentError({ argument: 'fix', rule, received: folder, fix })
  }
  const target = await folderPath(folder)
  if (await exists(target))
    refuse('must not exist yet', 'Choose another folder, or remove this one yourself.')
  for (const source of sources) {
    const inside = `${await folderPath(source)}${sep}`
    if (target.startsWith(inside)) {
      refuse(`must not lie inside ${source}, which stays as it is`, 'Choose a folder elsewhere.')
    }
  }
  return target
}
