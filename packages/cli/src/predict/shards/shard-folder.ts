import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import {
  digestOf,
  type FileContent,
  isMissing,
  readJsonIfThere,
  syncFolder,
  writeSynced,
} from '@mafjs/tensor/files'
import type { Shard } from './shard'

/** What the answers depend on. */
export interface ShardKey {
  shard: Shard
  /** The beginning of its digest, as every answer has it. */
  model: string
  /** Options that change answers. */
  options: object
}

/** That a shard is done, and what became of it. */
export interface ShardRecord extends ShardKey {
  /** The file of its answers, from the folder on. */
  part: string
  /** Its size in bytes, and its SHA-256. */
  bytes: number
  sha256: string
  /** Posts that could not be read: each has an error line. */
  failed: number
}

/** A folder of parts that any number of processes on any machines may write at once. */
export interface ShardFolder {
  /** The record of a shard that is done: of the same bytes, by the same model with the same options. */
  find(key: ShardKey): Promise<ShardRecord | undefined>
  /**
   * Writes a part, and after it the record which says that it is done; each aside, synced and renamed.
   *
   * @param content is read once; `told` after that
   */
  write(
    key: ShardKey,
    content: FileContent,
    told: () => Pick<ShardRecord, 'bytes' | 'sha256' | 'failed'>,
  ): Promise<ShardRecord>
}

/** A folder for each model and what it was told: parts of two never mix, and none is ever replaced by another. */
const folderOf = ({ model, options }: ShardKey): string =>
  `${model}-${digestOf([JSON.stringify(options)]).slice(0, 8)}`

const partOf = (key: ShardKey): string =>
  join(folderOf(key), `part-${String(key.shard.shard).padStart(6, '0')}.jsonl`)

const recordOf = (part: string): string => part.replace(/l$/, '')

/** Opens a folder, which need not be there yet. */
export function openShardFolder(root: string): ShardFolder {
  const asideOf = (key: ShardKey): string => join(root, folderOf(key), '.aside')

  async function find(key: ShardKey): Promise<ShardRecord | undefined> {
    const path = join(root, recordOf(partOf(key)))
    const record = await readJsonIfThere<ShardRecord>(path, {
      fix: 'Remove it: the shard is computed again.',
    })
    if (!record) return undefined
    const { part, bytes, sha256: _, failed: __, ...of } = record
    if (!isDeepStrictEqual(of, JSON.parse(JSON.stringify(key)))) return undefined
    const { size } = await stat(join(root, part)).catch(error => {
      if (isMissing(error)) return { size: -1 }
      throw error
    })
    return size === bytes ? record : undefined
  }

  async function put(key: ShardKey, path: string, content: FileContent): Promise<void> {
    const aside = join(asideOf(key), `${basename(path)}.${randomUUID()}`)
    try {
      await writeSynced(aside, content)
      await rename(aside, join(root, path))
    } finally {
      await rm(aside, { force: true })
    }
    await syncFolder(join(root, folderOf(key)))
  }

  /** What killed processes left of a shard that is done. */
  async function clear(key: ShardKey, part: string): Promise<void> {
    const left = (await readdir(asideOf(key))).filter(name => name.startsWith(`${basename(part)}.`))
    for (const name of left) await rm(join(asideOf(key), name), { force: true })
  }

  return {
    find,
    async write(key, content, told) {
      const part = partOf(key)
      await mkdir(asideOf(key), { recursive: true })
      try {
        await put(key, part, content)
        const record: ShardRecord = { ...key, part, ...told() }
        await put(key, recordOf(part), `${JSON.stringify(record)}\n`)
        await clear(key, part)
        return record
      } catch (error) {
        // Another process was given the same shard, was first, and has cleared what was aside.
        const record = isMissing(error) ? await find(key) : undefined
        if (!record) throw error
        return record
      }
    },
  }
}
