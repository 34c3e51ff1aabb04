import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { resolve } from 'node:path'
import type { Shard } from './shard'

const NEWLINE = 0x0a

/** Bytes that are read at once. */
const PIECE = 2 ** 20

/** The pieces of a file between line feeds. */
async function* cutFile(path: string, lines: number): AsyncGenerator<Omit<Shard, 'shard'>> {
  const file = resolve(path)
  let [start, first, count, read, last] = [0, 1, 0, 0, NEWLINE]
  let hash: Hash = createHash('sha256')
  const take = (end: number): Omit<Shard, 'shard'> => {
    const taken = { file, first, lines: count, start, end, sha256: hash.digest('hex') }
    first += count
    start = end
    count = 0
    hash = createHash('sha256')
    return taken
  }
  for await (const chunk of createReadStream(file, { highWaterMark: PIECE }) as AsyncIterable<Buffer>) {
    let from = 0
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1)) {
      count += 1
      if (count < lines) continue
      hash.update(chunk.subarray(from, at + 1))
      from = at + 1
      yield take(read + from)
    }
    hash.update(chunk.subarray(from))
    read += chunk.length
    last = chunk.at(-1)!
  }
  // The last line may do without its end.
  if (last !== NEWLINE) count += 1
  if (count > 0) yield take(read)
}

/** Cuts files into shards of so many lines; the last of a file has what is left. */
export async function* cutFiles(files: readonly string[], lines: number): AsyncGenerator<Shard> {
  let shard = 0
  for (const file of files) for await (const cut of cutFile(file, lines)) yield { shard: shard++, ...cut }
}
