import promises from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'

/**
 * Kills this process, as a power cut would, while a checkpoint of its last state is being written.
 *
 * @param callToDieAt at which call of the file system, counted from 1
 */
export function dieInCheckpoint(callToDieAt: number): void {
  let calls = 0
  for (const name of ['mkdir', 'open', 'rename', 'readdir', 'rm'] as const) {
    const real = promises[name] as (...given: unknown[]) => Promise<unknown>
    Object.assign(promises, {
      [name]: async (...given: unknown[]) => {
        if (String(given[0]).includes('last')) calls += 1
        if (calls === callToDieAt) process.kill(process.pid, 'SIGKILL')
        return real(...given)
      },
    })
  }
  syncBuiltinESMExports()
}
