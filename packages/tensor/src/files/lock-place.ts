import { readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { InvalidArgumentError } from '../errors'
import { isMissing } from './exists'
import { isAlive } from './is-alive'
import { isGone, type LockHolder, parseHolder } from './lock-holder'

/** The end of every lock's name. */
const LOCK = '.maf-lock'

/** Beside a folder that is replaced as a whole stands its lock; of one that is not, inside it. */
export const lockPlace = (target: string, where: 'beside' | 'inside' = 'beside'): string =>
  where === 'beside' ? join(dirname(target), `.${basename(target)}${LOCK}`) : join(target, LOCK)

/** A lock is a folder with one file, whose name no other lock ever has: to remove it removes this one lock. */
const HOLDER = /^[0-9a-f-]{36}\.json$/

/** What is in a lock, by name. */
function filesIn(lock: string): string[] {
  const refuse = (received: string): never => {
    const fix = 'Remove it yourself, or choose another folder.'
    throw new InvalidArgumentError({ argument: lock, rule: 'must be a lock of ner-maf', received, fix })
  }
  try {
    const names = readdirSync(lock)
    const foreign = names.find(name => !HOLDER.test(name))
    return foreign === undefined ? names : refuse(`a folder with ${foreign}`)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOTDIR') return refuse('a file')
    if (code === 'ENOENT') return []
    throw error
  }
}

/** Removes a folder unless there is something in it. */
export function removeEmpty(folder: string): boolean {
  try {
    rmdirSync(folder)
    return true
  } catch {
    return false
  }
}

/**
 * Who holds a lock. What is damaged, or held by a process that is gone, is removed: by its own name, so that of two processes
 * that find it at once neither removes what the other put in its place.
 */
export function holderOf(lock: string): LockHolder | undefined {
  for (const name of filesIn(lock)) {
    const file = join(lock, name)
    try {
      const holder = parseHolder(readFileSync(file, 'utf8'))
      if (holder && !isGone(holder)) return holder
      rmSync(file)
    } catch (error) {
      // Given back, or removed by another process, this moment.
      if (!isMissing(error)) throw error
    }
  }
  removeEmpty(lock)
  return undefined
}

/** Removes what processes that were killed left of locks that they were about to take. */
export function sweepAsides(lock: string): void {
  const prefix = `${basename(lock)}.`
  for (const name of readdirSync(dirname(lock))) {
    const pid = name.startsWith(prefix) ? Number.parseInt(name.slice(prefix.length), 10) : Number.NaN
    if (pid > 0 && !isAlive(pid)) rmSync(join(dirname(lock), name), { recursive: true, force: true })
  }
}

/** A lock that is held. */
export interface FoundLock {
  lock: string
  holder: LockHolder
}

/** Locks that are held of the folders around one: what is replaced as a whole takes along all that is in it. */
export function locksAbove(target: string): FoundLock[] {
  const found: FoundLock[] = []
  for (let folder = dirname(target); dirname(folder) !== folder; folder = dirname(folder)) {
    const lock = lockPlace(folder)
    const holder = holderOf(lock)
    if (holder) found.push({ lock, holder })
  }
  return found
}

/** Locks that are held of folders inside one. */
export function locksBelow(target: string): FoundLock[] {
  return foldersIn(target).flatMap(folder => {
    if (!folder.endsWith(LOCK)) return locksBelow(folder)
    const holder = holderOf(folder)
    return holder ? [{ lock: folder, holder }] : []
  })
}

function foldersIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true })
    return entries.filter(entry => entry.isDirectory()).map(({ name }) => join(folder, name))
  } catch (error) {
    // Into what may not be read nobody writes from here, as into the lost+found of a disk.
    if (isMissing(error) || (error as NodeJS.ErrnoException).code === 'EACCES') return []
    throw error
  }
}
