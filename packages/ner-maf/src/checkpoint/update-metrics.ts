import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Replaces `metrics.json` of a checkpoint folder, aside and renamed. */
export async function updateMetrics(folder: string, metrics: object): Promise<void> {
  const aside = join(folder, `.metrics.${process.pid}.partial`)
  await writeFile(aside, `${JSON.stringify(metrics, null, 2)}\n`)
  await rename(aside, join(folder, 'metrics.json'))
}
