import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'

/** A process that answers every line with one line, in order. */
export interface FilterProcess {
  /** @throws Error where the process ends before it answers; the next line starts another. */
  ask(line: string): Promise<string>
  /** Lets it end. */
  close(): void
}

/** Keeps a filter, which loads its model once, at hand. */
export function keepFilter(command: string, args: readonly string[]): FilterProcess {
  type Waiting = { resolve(answer: string): void; reject(error: Error): void }
  let running: { child: ChildProcessByStdio<Writable, Readable, null>; waiting: Waiting[] } | undefined

  function start(): NonNullable<typeof running> {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    const started = { child, waiting: [] as Waiting[] }
    createInterface({ input: child.stdout }).on('line', answer => started.waiting.shift()?.resolve(answer))
    const end = (how: string): void => {
      if (running === started) running = undefined
      for (const { reject } of started.waiting) reject(new Error(`${command} ${how}`))
    }
    child.once('error', error => end(error.message))
    child.once('close', (code, signal) => end(`ended with ${signal ?? code}`))
    // That nobody reads any more is told by its end.
    child.stdin.on('error', () => {})
    return started
  }

  return {
    ask: line =>
      new Promise((resolve, reject) => {
        running ??= start()
        running.waiting.push({ resolve, reject })
        running.child.stdin.write(`${line}\n`)
      }),
    close: () => void running?.child.stdin.end(),
  }
}
