import { readlink, realpath } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { isMissing } from './exists'

/**
 * A folder's own absolute path, without links, also of one that is not there yet: whatever it is called by, it has one path,
 * and a link to a folder stays a link when the folder is replaced.
 */
export async function folderPath(folder: string): Promise<string> {
  const whole = resolve(folder)
  try {
    return await realpath(whole)
  } catch (error) {
    if (!isMissing(error) || dirname(whole) === whole) throw error
  }
  const parent = await folderPath(dirname(whole))
  // The folder that a link leads to may be away for the moment.
  const linked = await readlink(join(parent, basename(whole))).catch(() => undefined)
  return linked === undefined ? join(parent, basename(whole)) : folderPath(resolve(parent, linked))
}
