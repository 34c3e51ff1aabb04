import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Failure, Requests } from '../protocol'

/** How a side's process is started. */
export interface SideOptions {
  command: string
  arguments: readonly string[]
  /** Added to this process's own environment. */
  environment?: Record<string, string>
}

/** One side's process: it answers one request at a time and can be made to stand still. */
export interface Side {
  /** @throws Error with the other side's own words when it fails, or when its process ends. */
  ask<Name extends keyof Requests>(
    name: Name,
    request: Requests[Name]['request'],
  ): Promise<Requests[Name]['answer']>
  /** Stops the process, threads that spin included, so that the other side has the machine to itself. */
  pause(): void
  resume(): void
  close(): Promise<void>
}

const running = new Set<ChildProcess>()

// A process that stands still would outlive us otherwise.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130))

/** Starts a side's process. */
export function startSide({ command, arguments: given, environment = {} }: SideOptions): Side {
  const child = spawn(command, given, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  })
  running.add(child)
  let words = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-4000)
  })
  let waiting: { resolve: (answer: object) => void; reject: (error: Error) => void } | undefined
  const ended = new Promise<void>(resolve => {
    const end = (reason: string) => (): void => {
      running.delete(child)
      waiting?.reject(new Error(`${reason}\n${words}`.trim()))
      waiting = undefined
      resolve()
    }
    child.on('error', error => end(`${command} did not start: ${error.message}`)())
    child.on('close', end(`${command} ended before it answered.`))
  })
  child.stdin.on('error', () => {})
  createInterface({ input: child.stdout }).on('line', line => {
    const asked = waiting
    waiting = undefined
    const answer = JSON.parse(line) as Partial<Failure>
    if (answer.error === undefined) asked?.resolve(answer)
    else asked?.reject(new Error(answer.error))
  })
  return {
    ask: (name, request) =>
      new Promise((resolve, reject) => {
        if (!running.has(child)) return reject(new Error(`${command} has ended.\n${words}`.trim()))
        waiting = { resolve: resolve as (answer: object) => void, reject }
        child.stdin.write(`${JSON.stringify({ ...request, do: name })}\n`)
      }),
    pause: () => child.kill('SIGSTOP'),
    resume: () => child.kill('SIGCONT'),
    close: async () => {
      child.kill('SIGCONT')
      child.stdin.end()
      const late = setTimeout(() => child.kill('SIGKILL'), 5000)
      await ended
      clearTimeout(late)
    },
  }
}
