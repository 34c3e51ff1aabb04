import { randomUUID } from 'node:crypto'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { InvalidArgumentError } from '@mafjs/tensor'
import { writeUnsynced } from '@mafjs/tensor/files'
import { PARTIAL, trimFolder } from './trim-folder'

/** A folder of entries that any number of processes may use at once. */
export interface BoundedFolder {
  /**
   * Begins to read an entry.
   *
   * @returns nothing where there is none, else its bytes, which are on their way: from here on the operating system needs no
   * help of this thread, which may compute
   */
  read(name: string): Promise<{ bytes: Promise<Uint8Array> } | undefined>
  /** Writes an entry whole: aside, and renamed. */
  write(name: string, bytes: Uint8Array): Promise<void>
}

/** What a bounded folder is made of. */
export interface BoundedFolderOptions {
  root: string
  /** Bytes. */
  limit: number
}

/** An entry counts as used at most so much earlier than it was, milliseconds: not every read is worth a write. */
const USE_STEP = 3600_000

/** The share of the limit that one process writes before it looks at what all have written. */
const UNSEEN_SHARE = 0.01

/**
 * Opens a folder of entries, and brings it within its limit. An entry is one file with a name of its own, so that there is
 * nothing that two writers could mix up, and a killed one leaves nothing but a file aside. Entries are checked by who reads
 * them: they are not synced, and a power cut may leave one without its bytes.
 *
 * @throws InvalidArgumentError for a folder that cannot be made or written.
 */
export async function openBoundedFolder({ root, limit }: BoundedFolderOptions): Promise<BoundedFolder> {
  const aside = (): string => join(root, PARTIAL, `${process.pid}-${randomUUID()}`)
  await mkdir(join(root, PARTIAL), { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    throw new InvalidArgumentError({
      argument: 'featureCache',
      rule: 'must be a folder that can be made and written',
      received: `${root} (${error.code})`,
      fix: 'Name another folder, or none to keep features in memory only.',
    })
  })
  await trimFolder(root, limit)
  let unseen = 0
  let trimming: Promise<unknown> = Promise.resolve()

  const put = async (name: string, bytes: Uint8Array): Promise<void> => {
    const [partial, path] = [aside(), join(root, name)]
    await Promise.all([partial, path].map(file => mkdir(dirname(file), { recursive: true })))
    try {
      await writeUnsynced(partial, bytes)
      await rename(partial, path)
    } catch (error) {
      await rm(partial, { force: true }).catch(() => {})
      throw error
    }
  }

  return {
    async read(name) {
      const handle = await open(join(root, name)).catch(() => undefined)
      if (!handle) return undefined
      try {
        const { size, mtimeMs } = await handle.stat()
        const now = new Date()
        // A folder of somebody else may be read only.
        const touched =
          now.getTime() - mtimeMs > USE_STEP ? handle.utimes(now, now).catch(() => {}) : undefined
        const bytes = new Uint8Array(size)
        const reading = handle.read(bytes, 0, size, 0)
        const whole = Promise.all([reading, touched])
          .then(([{ bytesRead }]) => bytes.subarray(0, bytesRead))
          .finally(() => handle.close())
        // Who waits for it hears of it.
        whole.catch(() => {})
        return { bytes: whole }
      } catch (error) {
        await handle.close()
        throw error
      }
    },
    async write(name, bytes) {
      await put(name, bytes)
      unseen += bytes.byteLength
      if (unseen < UNSEEN_SHARE * limit) return
      unseen = 0
      trimming = trimming.then(() => trimFolder(root, limit))
      await trimming
    },
  }
}
