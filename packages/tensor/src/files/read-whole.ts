import type { BigIntStats } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { InvalidArgumentError } from '../errors'
import { isMissing } from './exists'
import { folderPath } from './folder-path'
import { isAlive } from './is-alive'
import { placesBeside, wholeFolder } from './swap-folder'

/** A folder is replaced at most once an epoch: one that changes under every one of so many readings, for so long, is no model. */
const [ATTEMPTS, PATIENCE] = [10, 60_000]

/** A replacement is two renames; what is away for the moment is back after a few milliseconds, or its writer is stuck. */
const [PAUSES, PAUSE] = [100, 5]

const unlessMissing = (error: unknown): undefined => {
  if (!isMissing(error)) throw error
}

const unlessRefused = (error: NodeJS.ErrnoException): undefined => {
  if (error.code !== 'EACCES') unlessMissing(error)
}

const identityOf = ({ dev, ino }: BigIntStats): string => `${dev} ${ino}`

/** A folder at a path: what tells it from another one, if it is there. */
const identityAt = (place: string): Promise<string | undefined> =>
  stat(place, { bigint: true }).then(identityOf, unlessMissing)

/** Opens a folder and tells its identity, which no other one can have as long as it is open. */
async function hold(place: string): Promise<{ identity?: string | undefined; release(): Promise<void> }> {
  // Windows would not let it be replaced then; and who may not list a folder may still read its files.
  const handle = process.platform === 'win32' ? undefined : await open(place).catch(unlessRefused)
  if (!handle) return { identity: await identityAt(place), release: async () => {} }
  return { identity: identityOf(await handle.stat({ bigint: true })), release: () => handle.close() }
}

/** Whether a folder, or one that it is in, is being replaced by a process that lives: then parts of it are away. */
async function isBeingReplaced(place: string): Promise<boolean> {
  // Who may not list a folder is told nothing of it.
  const beside = await placesBeside(place).catch(() => [])
  if (beside.some(({ pid, replaced }) => replaced !== undefined && isAlive(pid))) return true
  return dirname(place) !== place && isBeingReplaced(dirname(place))
}

/**
 * Reads several files of a folder that `writeFolder` may be replacing meanwhile: all of the old folder or all of the new
 * one. A replacement that was interrupted is read from where it stopped; nothing is changed.
 *
 * @param read is given the folder's place, and called again when the folder was replaced while it read
 * @param discard frees what was read of a folder that is no longer the one
 */
export async function readWhole<Content>(
  folder: string,
  read: (place: string) => Promise<Content>,
  discard: (content: Content) => unknown = () => {},
): Promise<Content> {
  const givesUpAt = performance.now() + PATIENCE
  let pauses = 0
  for (let attempt = 0; attempt < ATTEMPTS || performance.now() < givesUpAt; attempt++) {
    const place = await wholeFolder(await folderPath(folder))
    const { identity, release } = await hold(place)
    try {
      const outcome = await read(place).then(
        content => ({ content }),
        (error: unknown) => ({ error }),
      )
      const isThere = (await wholeFolder(await folderPath(folder))) === place
      const isSame = isThere && (await identityAt(place)) === identity
      const isWhole = 'content' in outcome && identity !== undefined
      if (isSame && (isWhole || pauses === PAUSES || !(await isBeingReplaced(place)))) {
        if ('error' in outcome) throw outcome.error
        return outcome.content
      }
      if ('content' in outcome) await discard(outcome.content)
      if (!isSame) continue
      pauses += 1
      await setTimeout(PAUSE)
    } finally {
      await release()
    }
  }
  throw new InvalidArgumentError({
    argument: 'model folder',
    rule: 'must not be replaced all the time',
    received: `${folder}, which changed for a minute whenever it was read`,
    fix: 'Copy it when nothing writes to it.',
  })
}
