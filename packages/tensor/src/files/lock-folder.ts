import { randomUUID } from 'node:crypto'
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { InvalidArgumentError } from '../errors'
import { assertWritableParent } from './assert-writable-parent'
import { folderPath } from './folder-path'
import { describeHolder, isCertain, isThisProcess, type LockHolder, thisProcess } from './lock-holder'
import {
  type FoundLock,
  holderOf,
  lockPlace,
  locksAbove,
  locksBelow,
  removeEmpty,
  sweepAsides,
} from './lock-place'
import { nameFailureSync } from './name-failure'

/** Who locks a folder, and how. */
export interface LockOptions {
  /** What writes, such as `ner-maf train`. */
  command: string
  /** What the folder was given as. @default 'out' */
  argument?: string | undefined
  /** `inside` where its parent may belong to somebody else, as that of a mounted folder. @default 'beside' */
  where?: 'beside' | 'inside' | undefined
}

/** Each failed attempt is another process that took or gave back the lock in the same moment. */
const ATTEMPTS = 1000

/** What is held by this process: given back even where it ends in the middle. */
const held = new Set<() => void>()

function releaseAtExit(release: () => void): void {
  if (held.size === 0) process.once('exit', releaseAll)
  held.add(release)
}

function releaseAll(): void {
  for (const release of held) release()
}

/**
 * Puts a whole lock in place in one step, which fails where there is one: nobody ever sees a lock of which nobody can say who
 * holds it.
 *
 * @returns the file that is to be removed, or nothing where somebody else has the lock
 */
function claim(lock: string, holder: LockHolder): string | undefined {
  const name = `${randomUUID()}.json`
  const aside = `${lock}.${process.pid}.${name.slice(0, 8)}`
  try {
    mkdirSync(aside)
    const file = join(aside, name)
    nameFailureSync(file, () => writeFileSync(file, `${JSON.stringify(holder, null, 2)}\n`))
    renameSync(aside, lock)
    return join(lock, name)
  } catch (error) {
    rmSync(aside, { recursive: true, force: true })
    const { code = '' } = error as NodeJS.ErrnoException
    // Windows has but these words for it; ENOENT: the parent was removed by who had made it.
    if (['ENOTEMPTY', 'EEXIST', 'EPERM', 'EACCES', 'ENOENT'].includes(code)) return undefined
    throw error
  }
}

function refuse(folder: string, { lock, holder }: FoundLock, argument: string, where = ''): never {
  throw new InvalidArgumentError({
    argument,
    rule: 'must not be in use',
    received: `${folder}, which ${describeHolder(holder)} writes to${where}`,
    fix: isCertain(holder)
      ? 'Wait until it is done, or choose another folder.'
      : `Wait until it is done, or choose another folder; where it is gone for good, which cannot be told from here, remove ${lock}.`,
  })
}

function refuseLock(lock: string, argument: string): never {
  throw new InvalidArgumentError({
    argument,
    rule: 'must be in a folder in which a lock can be made',
    received: lock,
    fix: 'Choose another folder.',
  })
}

/**
 * Takes the lock of a folder, and with it of all that is inside: no other call, of this process or another one, gets it before
 * it is given back. What a process holds that is killed, the next one takes over.
 *
 * @returns gives it back; done by itself when the process ends
 * @throws InvalidArgumentError where it is held, naming the holder; or where no lock can be made.
 */
export async function lockFolder(folder: string, options: LockOptions): Promise<() => void> {
  const { command, argument = 'out', where = 'beside' } = options
  const target = await folderPath(folder)
  const lock = lockPlace(target, where)
  await assertWritableParent(lock, argument, folder)
  // From here on without a pause: between two steps nothing of this process can come.
  const parent = dirname(lock)
  const holder = thisProcess(command)
  let made: string | undefined
  let file: string | undefined
  for (let attempt = 0; file === undefined; attempt++) {
    const other = holderOf(lock)
    if (other) refuse(folder, { lock, holder: other }, argument)
    if (attempt === ATTEMPTS) refuseLock(lock, argument)
    made = mkdirSync(parent, { recursive: true }) ?? made
    sweepAsides(lock)
    file = claim(lock, holder)
  }
  const own = file
  const release = (): void => {
    if (!held.delete(release)) return
    if (held.size === 0) process.off('exit', releaseAll)
    rmSync(own, { force: true })
    removeEmpty(lock)
    // Folders that were made for the lock alone.
    for (let above = parent; made !== undefined && removeEmpty(above) && above !== made; )
      above = dirname(above)
  }
  releaseAtExit(release)
  try {
    // Looked for when the own lock stands: of two that come at once at least one sees the other.
    const above = locksAbove(target).find(({ holder }) => !isThisProcess(holder))
    if (above) refuse(folder, above, argument, ', of which it is a part')
    const [below] = where === 'beside' ? locksBelow(target) : []
    if (below) refuse(folder, below, argument, ' in a part of it')
  } catch (error) {
    release()
    throw error
  }
  return release
}

/**
 * Does what is done to a folder under its lock; without a folder, without one.
 *
 * @throws InvalidArgumentError as `lockFolder` does, before anything is done.
 */
export async function withLock<Result>(
  folder: string | undefined,
  options: LockOptions,
  work: () => Promise<Result>,
): Promise<Result> {
  if (folder === undefined) return work()
  const release = await lockFolder(folder, options)
  try {
    return await work()
  } finally {
    release()
  }
}
