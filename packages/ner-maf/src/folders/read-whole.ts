import { stat } from 'node:fs/promises'
import { InvalidArgumentError } from '@mafjs/tensor'
import { folderPath, wholeFolder } from './swap-folder'

/** A folder is replaced at most once an epoch; one that changes under every one of so many readings is no checkpoint. */
const ATTEMPTS = 10

/** What changes when another folder takes the place of this one, or a file in it is replaced. */
const identity = (folder: string): Promise<string> =>
  stat(folder).then(
    ({ ino, mtimeMs }) => `${ino} ${mtimeMs}`,
    () => 'missing',
  )

/**
 * Reads several files of a folder that `writeFolder` may be replacing meanwhile: all of the old folder or all of the new
 * one. A replacement that was interrupted is read from where it stopped; nothing is changed.
 *
 * @param read is given the folder's place, and called again when the folder was replaced while it read
 */
export async function readWhole<Content>(
  folder: string,
  read: (place: string) => Promise<Content>,
): Promise<Content> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const place = await wholeFolder(await folderPath(folder))
    const before = await identity(place)
    const outcome = await read(place).then(
      content => ({ content }),
      (error: unknown) => ({ error }),
    )
    if ((await identity(place)) !== before) continue
    if ('error' in outcome) throw outcome.error
    return outcome.content
  }
  throw new InvalidArgumentError({
    argument: 'model folder',
    rule: 'must not be replaced all the time',
    received: `${folder}, which changed ${ATTEMPTS} times while it was read`,
    fix: 'Copy it when nothing writes to it.',
  })
}
