import { readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { processStart } from './is-alive'

/** Who holds a lock, as it stands in the lock. */
export interface LockHolder {
  pid: number
  host: string
  /** The world in which the number is the process's: a container has one of its own. Linux only. */
  processes?: string
  /** When the process was started, as its operating system says it. */
  started: string
  /** When the lock was taken, ISO 8601. */
  since: string
  /** What holds it, such as `ner-maf train`. */
  command: string
}

function processWorld(): string | undefined {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return undefined
  }
}

/** This process as the holder of a lock. */
export function thisProcess(command: string): LockHolder {
  const processes = processWorld()
  return {
    pid: process.pid,
    host: hostname(),
    ...(processes !== undefined && { processes }),
    started: processStart(process.pid) ?? 'unknown',
    since: new Date().toISOString(),
    command,
  }
}

/** The holder that a lock names, or nothing where it is damaged: a power cut may leave it without its bytes. */
export function parseHolder(text: string): LockHolder | undefined {
  try {
    const { pid, host, processes, started, since, command } = JSON.parse(text) as LockHolder
    const isWhole =
      Number.isInteger(pid) &&
      pid > 0 &&
      [host, started, since, command, processes ?? ''].every(value => typeof value === 'string')
    return isWhole ? { pid, host, started, since, command, ...(processes && { processes }) } : undefined
  } catch {
    return undefined
  }
}

/** Whether a holder's process is one that can be seen from here. */
const isSeen = ({ host, processes }: LockHolder): boolean =>
  host === hostname() && processes === processWorld()

/** Whether a holder is this very process. */
export const isThisProcess = (holder: LockHolder): boolean => isSeen(holder) && holder.pid === process.pid

/** Whether a holder's process is gone; of one that cannot be seen from here that is never said. */
export function isGone(holder: LockHolder): boolean {
  if (!isSeen(holder)) return false
  const started = processStart(holder.pid)
  if (started === undefined) return true
  return ![started, holder.started].includes('unknown') && started !== holder.started
}

/** Whether it can be told that a holder's process still is the one that took the lock. */
export const isCertain = (holder: LockHolder): boolean => isSeen(holder) && holder.started !== 'unknown'

/** A holder in words. */
export function describeHolder(holder: LockHolder): string {
  const { pid, host, since, command } = holder
  const who = isThisProcess(holder) ? 'this process' : `process ${pid} on ${host}`
  return `\`${command}\` (${who}, since ${since})`
}
