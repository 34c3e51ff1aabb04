import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Every file of a folder by its path, but for what differs from time to time. */
export async function contents(folder: string): Promise<Record<string, string>> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter(file =>
    file.isFile(),
  )
  const read = files.map(async ({ parentPath, name }) => {
    const text = await readFile(join(parentPath, name), 'latin1')
    const path = join(parentPath, name).slice(folder.length + 1)
    return [path, text.replace(/"(rowsPerSecond|secondsLeft|seconds)":[\d.e-]+/g, '')]
  })
  return Object.fromEntries(await Promise.all(read))
}
