import { type ForkOptions, fork } from 'node:child_process'
import { once } from 'node:events'
import type { Reply } from './answer-parent'

/** Thrown where a process is gone: its message says how it ended. */
export class ProcessGoneError extends Error {
  override name = 'ProcessGoneError'
}

/** How a process is started. */
export interface StartProcessOptions extends Pick<ForkOptions, 'env' | 'execArgv'> {
  /** What its command line has after the file. @default nothing */
  args?: readonly string[] | undefined
}

/** A process of its own, which answers by `answerParent`. */
export interface AnsweringProcess<Question extends object, Answer> {
  readonly pid: number | undefined
  /** Aborted when it has ended, with a `ProcessGoneError`. */
  readonly gone: AbortSignal
  /**
   * Asks it; only when the last answer is there.
   *
   * @throws ProcessGoneError where it ends before it answers; its own error, under its name, for a question that fails.
   */
  ask(question: Question): Promise<Answer>
  /** Ends it at once. */
  kill(): void
  /** Lets go of it, which ends it too, and what it is about. */
  release(): void
}

/**
 * Starts a program of ours as a process of its own, and talks to it by messages, in which bytes stay bytes. Its stdout is closed: that is
 * the parent's.
 */
export function startProcess<Question extends object, Answer>(
  file: string,
  { args = [], ...options }: StartProcessOptions = {},
): AnsweringProcess<Question, Answer> {
  const child = fork(file, args, {
    ...options,
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const ended = new AbortController()
  const gone = ended.signal
  // A message to a process that has just ended fails here too; that it ended is told by its exit.
  child.on('error', error => {
    if (child.pid === undefined) ended.abort(new ProcessGoneError(error.message))
  })
  child.once('exit', (code, signal) => ended.abort(new ProcessGoneError(signal ?? `exit code ${code}`)))
  return {
    pid: child.pid,
    gone,
    async ask(question) {
      gone.throwIfAborted()
      const replied = once(child, 'message', { signal: gone })
      child.send(question, () => {})
      const [reply]: [Reply<Answer>] = (await replied.catch(() => gone.throwIfAborted())) as never
      if ('failure' in reply) throw Object.assign(new Error(), reply.failure)
      return reply.answer
    },
    kill: () => void child.kill('SIGKILL'),
    release: () => {
      if (child.connected) child.disconnect()
    },
  }
}
