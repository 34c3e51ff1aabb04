import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Writes a result as JSON. */
export async function writeResult(folder: string, name: string, result: object): Promise<void> {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, `${name}.json`), `${JSON.stringify(result, null, 2)}\n`)
}
