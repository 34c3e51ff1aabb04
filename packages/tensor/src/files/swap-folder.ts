import { readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { exists, isMissing } from './exists'
import { isAlive } from './is-alive'

/** Where a process puts a folder together, and where it keeps the one it replaces until the new one is in place. */
export interface SwapPlaces {
  partial: string
  replaced: string
}

/** Both stand beside the folder: a rename works only within one file system. */
export function swapPlaces(target: string, pid = process.pid): SwapPlaces {
  const stem = join(dirname(target), `.${basename(target)}.${pid}`)
  return { partial: `${stem}.partial`, replaced: `${stem}.replaced` }
}

/** What writers have beside a folder, or what interrupted ones left there, each writer's places that exist. */
export async function placesBeside(target: string): Promise<(Partial<SwapPlaces> & { pid: number })[]> {
  const prefix = `.${basename(target)}.`
  const found = new Map<number, Partial<SwapPlaces> & { pid: number }>()
  const names = await readdir(dirname(target)).catch(error => {
    if (isMissing(error)) return []
    throw error
  })
  for (const name of names) {
    const parts = name.startsWith(prefix) && /^(\d+)\.(partial|replaced)$/.exec(name.slice(prefix.length))
    if (!parts) continue
    const pid = Number(parts[1])
    found.set(pid, { pid, ...found.get(pid), [parts[2]!]: join(dirname(target), name) })
  }
  return [...found.values()]
}

/**
 * Where the whole folder is: at its own path, or, when a swap was interrupted between its two renames, beside it. The new
 * one was complete before the old one was moved away, so either is whole; the new one is what was wanted.
 */
export async function wholeFolder(target: string): Promise<string> {
  if (await exists(target)) return target
  const interrupted = (await placesBeside(target)).find(({ replaced }) => replaced !== undefined)
  return interrupted?.partial ?? interrupted?.replaced ?? target
}

/** Removes a replaced folder; files in it that the new one lacks, such as a person's notes, move along. */
async function retire(replaced: string, target: string): Promise<void> {
  const kept = new Set(await readdir(target))
  for (const name of await readdir(replaced)) {
    if (!kept.has(name)) await rename(join(replaced, name), join(target, name))
  }
  await rm(replaced, { recursive: true, force: true })
}

/** Finishes a swap that was interrupted, and removes what writers that are gone left unfinished. */
export async function recoverFolder(target: string): Promise<void> {
  const whole = await wholeFolder(target)
  if (whole !== target) await rename(whole, target)
  for (const { pid, partial, replaced } of await placesBeside(target)) {
    if (replaced !== undefined) await retire(replaced, target)
    // What this process left, an earlier call of it failed to finish.
    const abandoned = pid === process.pid || !isAlive(pid)
    if (partial !== undefined && abandoned) await rm(partial, { recursive: true, force: true })
  }
}

/** Puts the finished folder of this process in place of the target; what cannot be finished is undone. */
export async function swapFolder(target: string): Promise<void> {
  const { partial, replaced } = swapPlaces(target)
  if (!(await exists(target))) return rename(partial, target)
  await rename(target, replaced)
  try {
    await rename(partial, target)
  } catch (error) {
    await rename(replaced, target)
    throw error
  }
  await retire(replaced, target)
}
