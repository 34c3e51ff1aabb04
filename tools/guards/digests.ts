import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'

/** What differs from time to time, from machine to machine, or from release to release, and says nothing of a run. */
const FLEETING = [
  'versions',
  'commit',
  'maf_version',
  'postsPerSecond',
  'rowsPerSecond',
  'secondsLeft',
  'seconds',
]

/** The text of a JSON value without what is fleeting; in which order an object has its names says nothing either. */
const lasting = (text: string): string =>
  JSON.stringify(JSON.parse(text), (key, value: unknown) => {
    if (FLEETING.includes(key)) return undefined
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
  })

/** What of a file must stay the same. */
function lastingBytes(name: string, bytes: Buffer): string | Buffer {
  if (name.endsWith('.json')) return lasting(bytes.toString('utf8'))
  if (name.endsWith('.jsonl')) return bytes.toString('utf8').trimEnd().split('\n').map(lasting).join('\n')
  if (!name.endsWith('.safetensors')) return bytes
  // The header is JSON too, and holds the same settings; the numbers follow it, every one of them.
  const end = 8 + Number(bytes.readBigUInt64LE(0))
  const header = bytes
    .toString('utf8', 8, end)
    .replace(/"__metadata__":\{(?:[^{}"]|"(?:[^"\\]|\\.)*")*\},?/, '')
  return Buffer.concat([Buffer.from(header.trim()), bytes.subarray(end)])
}

/** Digests of every file below folders, by path. */
export async function digestsOf(root: string, folders: readonly string[]): Promise<Record<string, string>> {
  const found: [string, string][] = []
  const visit = async (folder: string): Promise<void> => {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) await visit(path)
      else {
        const digest = createHash('sha256').update(lastingBytes(entry.name, await readFile(path)))
        found.push([relative(root, path), digest.digest('hex').slice(0, 16)])
      }
    }
  }
  for (const folder of folders) await visit(join(root, folder))
  return Object.fromEntries(found.sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** The files that two runs have otherwise, or that only one has. */
export const differing = (a: Record<string, string>, b: Record<string, string>): string[] =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].filter(path => a[path] !== b[path]).sort()
