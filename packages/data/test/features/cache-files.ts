import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The entries of a cache, relative to it, sorted. */
export const entriesOf = async (cache: string): Promise<string[]> =>
  (await readdir(cache, { recursive: true })).filter(name => name.endsWith('.safetensors')).sort()

/** The bytes that they take. */
export async function sizeOf(cache: string): Promise<number> {
  let total = 0
  for (const entry of await entriesOf(cache)) total += (await stat(join(cache, entry))).size
  return total
}

/** Changes one bit of a file, or cuts it in half. */
export async function damage(file: string, how: 'flip' | 'cut'): Promise<void> {
  const bytes = await readFile(file)
  bytes[bytes.length - 3]! ^= 4
  await writeFile(file, how === 'cut' ? bytes.subarray(0, bytes.length / 2) : bytes)
}
