import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Whether a process of this number is there, whoever it belongs to. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Linux: the state and the start of a process are the first and the twentieth word after its name in brackets. */
function startOnLinux(pid: number): string | undefined {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  const words = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  if ('ZX'.includes(words[0]!)) return undefined
  // Counted since the machine was started, which has a name of its own.
  return `${words[19]} after boot ${readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()}`
}

function startElsewhere(pid: number): string | undefined {
  const env = { ...process.env, LC_ALL: 'C' }
  const said = execFileSync('ps', ['-o', 'stat=', '-o', 'lstart=', '-p', String(pid)], { env, stdio: 'pipe' })
  const [state = 'Z', ...start] = String(said).trim().split(/\s+/)
  return state.startsWith('Z') ? undefined : start.join(' ')
}

/**
 * When a process was started, as the operating system says it: two processes that had the same number one after the other
 * differ in it. One that was killed and that nobody has waited for counts as gone.
 *
 * @returns undefined where there is no such process, `unknown` where the system does not tell
 */
export function processStart(pid: number): string | undefined {
  if (!isAlive(pid)) return undefined
  try {
    if (process.platform === 'linux') return startOnLinux(pid)
    return process.platform === 'win32' ? 'unknown' : startElsewhere(pid)
  } catch {
    // Not ours to see, or gone this moment.
    return isAlive(pid) ? 'unknown' : undefined
  }
}
