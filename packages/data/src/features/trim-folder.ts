import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Where files are put together before they are renamed. */
export const PARTIAL = 'partial'

/** Only what has the shape of our own names is counted or removed, whatever else is in the folder. */
const [SOURCE, SHELF, ENTRY] = [/^[0-9a-f]{64}$/, /^[0-9a-f]{2}$/, /^[0-9a-z]+\.safetensors$/]

/** A writer needs milliseconds: what is older was left by one that was killed. */
const ABANDONED = 3600_000

/** How many files are looked at at once. */
const AT_ONCE = 64

interface StoredFile {
  path: string
  size: number
  usedAt: number
}

const names = (folder: string): Promise<string[]> => readdir(folder).catch(() => [])

async function entryPaths(root: string): Promise<string[]> {
  const paths: string[] = []
  for (const source of (await names(root)).filter(name => SOURCE.test(name))) {
    for (const shelf of (await names(join(root, source))).filter(name => SHELF.test(name))) {
      const folder = join(root, source, shelf)
      paths.push(...(await names(folder)).filter(name => ENTRY.test(name)).map(name => join(folder, name)))
    }
  }
  return paths
}

async function look(paths: readonly string[]): Promise<StoredFile[]> {
  const files: StoredFile[] = []
  for (let at = 0; at < paths.length; at += AT_ONCE) {
    const found = paths.slice(at, at + AT_ONCE).map(async path => {
      // Another process may have removed it meanwhile.
      const seen = await stat(path).catch(() => undefined)
      if (seen) files.push({ path, size: seen.size, usedAt: seen.mtimeMs })
    })
    await Promise.all(found)
  }
  return files
}

/**
 * Removes the entries that were used longest ago until a cache holds at most nine tenths of its limit, where it holds more
 * than all of it, and what killed writers left. Two processes that do it at once find the same entries to remove.
 *
 * @param limit bytes
 * @returns how many entries were removed
 */
export async function trimFolder(root: string, limit: number): Promise<number> {
  const partial = join(root, PARTIAL)
  const abandoned = (await look((await names(partial)).map(name => join(partial, name)))).filter(
    ({ usedAt }) => Date.now() - usedAt > ABANDONED,
  )
  await Promise.all(abandoned.map(({ path }) => rm(path, { force: true })))
  const files = await look(await entryPaths(root))
  let total = files.reduce((sum, { size }) => sum + size, 0)
  if (total <= limit) return 0
  let removed = 0
  for (const { path, size } of files.sort((a, b) => a.usedAt - b.usedAt)) {
    if (total <= 0.9 * limit) break
    // Where an open file cannot be removed, the next one is.
    const isGone = await rm(path, { force: true }).then(
      () => true,
      () => false,
    )
    if (!isGone) continue
    total -= size
    removed += 1
  }
  return removed
}
