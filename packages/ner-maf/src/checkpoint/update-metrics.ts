import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { folderPath, swapPlaces } from './swap-folder'
import { writeSynced } from './write-folder'

/** Replaces `metrics.json` of a checkpoint folder, aside and renamed. */
export async function updateMetrics(folder: string, metrics: object): Promise<void> {
  // Aside is beside the folder, where the next writer removes it should this one be interrupted.
  const { partial } = swapPlaces(await folderPath(folder))
  await writeSynced(partial, `${JSON.stringify(metrics, null, 2)}\n`)
  await rename(partial, join(folder, 'metrics.json'))
}
