import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'

/** Every file of a cache that is an entry, relative to the cache, sorted. */
export async function entriesOf(cache: string): Promise<string[]> {
  const files = await readdir(cache, { recursive: true, withFileTypes: true })
  return files
    .filter(file => file.isFile() && file.name.endsWith('.safetensors'))
    .map(file => relative(cache, join(file.parentPath, file.name)))
    .sort()
}

/** The bytes that the entries of a cache take. */
export async function sizeOf(cache: string): Promise<number> {
  const sizes = (await entriesOf(cache)).map(async file => (await stat(join(cache, file))).size)
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}

/** Changes one bit of a file, or cuts it in half. */
export async function damage(file: string, how: 'flip' | 'cut'): Promise<void> {
  const bytes = await readFile(file)
  if (how === 'cut') return writeFile(file, bytes.subarray(0, bytes.length / 2))
  bytes[bytes.length - 3]! ^= 4
  return writeFile(file, bytes)
}
