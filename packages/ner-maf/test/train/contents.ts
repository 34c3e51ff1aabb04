import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'

/** Every file of a folder by its path, without what tells the time. */
export async function contents(folder: string, root = folder): Promise<Record<string, string>> {
  const entries = await readdir(folder, { withFileTypes: true })
  const read = entries.map(async (entry): Promise<Record<string, string>> => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return contents(path, root)
    const text = (await readFile(path)).toString('latin1')
    const timeless =
      entry.name === 'events.jsonl'
        ? text.replace(/"(rowsPerSecond|secondsLeft|seconds)":[\d.e-]+/g, '')
        : text
    return { [relative(root, path)]: timeless }
  })
  return Object.assign({}, ...(await Promise.all(read)))
}
