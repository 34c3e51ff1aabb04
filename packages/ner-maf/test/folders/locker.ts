import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { FROM_SOURCE } from '../from-source'

const SCRIPT = fileURLToPath(new URL('lock-on-demand.ts', import.meta.url))

/** Another process that can be told to lock folders. */
export interface Locker {
  child: ChildProcess
  /** Locks a folder in place of the one before. @returns `locked`, or the error */
  lock(folder: string): Promise<string>
  /** Gives back what it holds. */
  release(): void
  /** Has it end, at once or of itself. */
  end(how: 'SIGKILL' | 'exit'): Promise<void>
}

/** Starts a process that locks folders. */
export function startLocker(): Locker {
  const child = spawn(process.execPath, [...FROM_SOURCE, SCRIPT], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const answers = createInterface({ input: child.stdout! })[Symbol.asyncIterator]()
  const ended = once(child, 'exit')
  const end = async (how: 'SIGKILL' | 'exit'): Promise<void> => {
    if (how === 'exit') child.stdin!.write('exit\n')
    else child.kill(how)
    await ended
  }
  onTestFinished(() => end('SIGKILL'))
  return {
    child,
    async lock(folder) {
      child.stdin!.write(`${folder}\n`)
      return (await answers.next()).value as string
    },
    release: () => void child.stdin!.write('\n'),
    end,
  }
}
