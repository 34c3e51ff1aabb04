import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { folderPath } from './folder-path'
import { swapPlaces } from './swap-folder'
import { type FileContent, writeSynced } from './write-folder'

/** Replaces one file of a folder, aside and renamed. */
export async function replaceFile(folder: string, name: string, content: FileContent): Promise<void> {
  // Aside is beside the folder, where the next writer removes it should this one be interrupted.
  const { partial } = swapPlaces(await folderPath(folder))
  await writeSynced(partial, content)
  await rename(partial, join(folder, name))
}
