import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { streamLines } from '@mafjs/data'
import { shortDigest } from '@mafjs/ner-maf'
import { InvalidArgumentError } from '@mafjs/tensor'
import { inBatches, mapAhead } from '@mafjs/train'
import type { OutputLine } from '../annotate-lines'
import type { LineAnnotator } from '../line-annotator'
import { PLAN_FILE, parseShard, type Shard } from './shard'
import { openShardFolder, type ShardFolder, type ShardRecord } from './shard-folder'

/** Shards under way at a time: while one is written, the next is computed. */
const AT_ONCE = 2

/** Lines that are written together. */
const WRITTEN_TOGETHER = 256

/** Where parts are written, and what their answers depend on beside the model. */
export interface AnnotateShardsOptions {
  folder: string
  /** Options that change answers. */
  options: object
}

/** The bytes of a shard; other ones than were cut end with an error before the part is in its place. */
async function* bytesOf({ file, start, end, sha256 }: Shard): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file, { start, end: end - 1 }) as AsyncIterable<Buffer>) {
    hash.update(chunk)
    yield chunk
  }
  if (hash.digest('hex') === sha256) return
  throw new InvalidArgumentError({
    argument: file,
    rule: 'must be as it was when it was cut into shards',
    received: `other bytes from ${start} to ${end}`,
    fix: 'Cut it anew with `ner-maf shards`, into another folder.',
  })
}

async function annotateShard(
  shard: Shard,
  { annotate, digest }: LineAnnotator,
  { options, folder }: Pick<AnnotateShardsOptions, 'options'> & { folder: ShardFolder },
): Promise<{ record: ShardRecord; unread: readonly string[] }> {
  const key = { shard, model: shortDigest(digest), options }
  const unread = new Set<string>()
  const done = await folder.find(key)
  if (done) return { record: done, unread: [] }
  const told = { bytes: 0, failed: 0 }
  const hash = createHash('sha256')
  async function* content(): AsyncGenerator<Uint8Array> {
    const lines = annotate(streamLines(bytesOf(shard)), shard)
    for await (const some of inBatches(lines, WRITTEN_TOGETHER)) {
      const bytes = Buffer.from(some.map(({ line }) => `${line}\n`).join(''))
      hash.update(bytes)
      told.bytes += bytes.length
      told.failed += some.filter(({ ok }) => !ok).length
      for (const name of some.flatMap(({ unread }) => unread)) unread.add(name)
      yield bytes
    }
  }
  const record = await folder.write(key, content(), () => ({ ...told, sha256: hash.digest('hex') }))
  return { record, unread: [...unread] }
}

/** What a person can mend, and what another machine may do better; all else ends the process. */
const isExpected = (error: unknown): error is Error =>
  error instanceof InvalidArgumentError || (error instanceof Error && 'syscall' in error)

/**
 * Makes what annotates lines annotate shards: every line names one, and is answered by its record when its part is written.
 * A shard that is done is not computed again.
 */
export function overShards(
  annotator: LineAnnotator,
  { folder: root, options }: AnnotateShardsOptions,
): LineAnnotator {
  const folder = openShardFolder(root)
  async function answer(line: Uint8Array, place: string): Promise<OutputLine> {
    const told = { hasPicture: false, skips: false, unread: [] }
    let shard: Shard | undefined
    try {
      shard = parseShard(line, place)
      const { record, unread } = await annotateShard(shard, annotator, { folder, options })
      return { ...told, line: JSON.stringify(record), ok: true, unread }
    } catch (error) {
      if (!isExpected(error)) throw error
      return { ...told, line: JSON.stringify({ shard, error: error.message }), ok: false }
    }
  }
  return {
    ...annotator,
    async *annotate(lines) {
      let number = 0
      yield* mapAhead(lines, { atOnce: AT_ONCE, stop: () => {} }, line =>
        answer(line, `${PLAN_FILE}:${++number}`),
      )
    },
  }
}
