import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Writes what a part found as JSON: figures alone, nothing of posts and pictures. */
export async function writeResult(folder: string, name: string, result: object): Promise<void> {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, `posts-en-pictures-${name}.json`), `${JSON.stringify(result, null, 2)}\n`)
}
