import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

/** How long a process that was told to end may take before it is ended by force, in milliseconds. */
const PATIENCE = 5000

/** What a process runs in, and what bounds it. */
export interface ProcessOptions {
  cwd: string
  env: NodeJS.ProcessEnv
  /** Ends the process, and all that it started, when it is aborted. */
  signal: AbortSignal
}

/** Starts a process as the head of a group of its own, so that what it starts can be ended with it. */
export function start(
  command: string,
  options: readonly string[],
  { cwd, env }: ProcessOptions,
): ChildProcess {
  return spawn(command, options, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
}

/** Ends a process started by {@link start} with all that it started, by force where it does not end by itself. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const kill = (signal: NodeJS.Signals): void => {
    try {
      process.kill(-child.pid!, signal)
    } catch (error) {
      // The group has ended by itself in the meantime.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }
  const ended = once(child, 'exit')
  kill('SIGTERM')
  const force = setTimeout(() => kill('SIGKILL'), PATIENCE)
  await ended
  clearTimeout(force)
}

/** The two streams of a process that ended well. */
export interface Output {
  stdout: string
  stderr: string
}

/**
 * Runs a process to its end.
 *
 * @param options.seconds after which it is ended with all that it started
 * @throws Error with the command and the end of what it printed, where it fails, takes too long or is interrupted.
 */
export async function run(
  command: string,
  parameters: readonly string[],
  { seconds, ...options }: ProcessOptions & { seconds: number },
): Promise<Output> {
  options.signal.throwIfAborted()
  const child = start(command, parameters, options)
  const output: Output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]!.setEncoding('utf8').on('data', (text: string) => {
      output[name] += text
    })
  }
  let late = false
  const limit = setTimeout(() => {
    late = true
    void end(child)
  }, seconds * 1000)
  const interrupt = (): void => void end(child)
  options.signal.addEventListener('abort', interrupt)
  try {
    const [code] = (await once(child, 'close')) as [number | null]
    options.signal.throwIfAborted()
    if (code === 0) return output
    const reason = late ? `did not end within ${seconds} s` : `failed with exit code ${code}`
    const printed = `${output.stdout}\n${output.stderr}`.trim().split('\n').slice(-40).join('\n')
    throw new Error(`\`${[command, ...parameters].join(' ')}\` ${reason}:\n${printed}`)
  } finally {
    clearTimeout(limit)
    options.signal.removeEventListener('abort', interrupt)
  }
}
