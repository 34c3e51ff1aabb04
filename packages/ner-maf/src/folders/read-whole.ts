import { opendir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { InvalidArgumentError } from '@mafjs/tensor'
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

/** Where a folder is, and which one it is. */
async function look(folder: string): Promise<{ place: string; identity?: string }> {
  const place = await wholeFolder(await folderPath(folder))
  const found = await stat(place, { bigint: true }).catch(unlessMissing)
  return { place, ...(found && { identity: `${found.dev} ${found.ino}` }) }
}

/** While a folder is open no other one gets its identity. Windows would not let an open one be replaced. */
async function hold(place: string): Promise<() => Promise<void>> {
  const handle = process.platform === 'win32' ? undefined : await opendir(place).catch(unlessMissing)
  return async () => handle?.close()
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
    const { place } = await look(folder)
    const release = await hold(place)
    try {
      const before = await look(folder)
      if (before.place !== place) continue
      const outcome = await read(place).then(
        content => ({ content }),
        (error: unknown) => ({ error }),
      )
      const after = await look(folder)
      const isSame = after.place === place && after.identity === before.identity
      const isWhole = 'content' in outcome && before.identity !== undefined
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
