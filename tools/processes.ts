import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** How long a process that was told to end may take before it is ended by force, in milliseconds. */
const PATIENCE = 5000

/** Options of Node that run our programs from their source. */
export const FROM_SOURCE = ['--conditions=@mafjs/source', '--import', 'tsx']

/** What a process runs in, and what bounds it. */
export interface ProcessOptions {
  /** @default this process's */
  cwd?: string
  /** @default this process's */
  env?: NodeJS.ProcessEnv
  /** Ends the process, and all that it started, when it is aborted. */
  signal?: AbortSignal
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
 * @param options.seconds after which it is ended with all that it started. @default never
 * @throws Error with the command and the end of what it printed, where it fails, takes too long or is interrupted.
 */
export async function run(
  command: string,
  parameters: readonly string[],
  { seconds, ...options }: ProcessOptions & { seconds?: number } = {},
): Promise<Output> {
  options.signal?.throwIfAborted()
  const child = start(command, parameters, options)
  const output: Output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]!.setEncoding('utf8').on('data', (text: string) => {
      output[name] += text
    })
  }
  let late = false
  const interrupt = (): void => void end(child)
  const limit =
    seconds &&
    setTimeout(() => {
      late = true
      interrupt()
    }, seconds * 1000)
  options.signal?.addEventListener('abort', interrupt)
  try {
    const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
    options.signal?.throwIfAborted()
    if (code === 0) return output
    const reason = late ? `did not end within ${seconds} s` : `failed with ${signal ?? `exit code ${code}`}`
    const printed = `${output.stdout}\n${output.stderr}`.trim().split('\n').slice(-40).join('\n')
    throw new Error(`\`${[command, ...parameters].join(' ')}\` ${reason}:\n${printed}`)
  } finally {
    clearTimeout(limit)
    options.signal?.removeEventListener('abort', interrupt)
  }
}

/**
 * Runs a process to its end with its output on ours.
 *
 * @throws Error naming the command and how it ended, or the reason of the signal that ended it.
 */
export async function runShown(
  command: string,
  parameters: readonly string[],
  { cwd, signal }: Pick<ProcessOptions, 'cwd' | 'signal'> = {},
): Promise<void> {
  signal?.throwIfAborted()
  console.log(`$ ${[command, ...parameters].join(' ')}`)
  const child = spawn(command, parameters, { cwd, stdio: 'inherit' })
  const end = (): void => void child.kill()
  signal?.addEventListener('abort', end)
  const [code, name] = await once(child, 'close')
  signal?.removeEventListener('abort', end)
  signal?.throwIfAborted()
  if (code !== 0) throw new Error(`${command} ended with ${name ?? `exit code ${code}`}`)
}

/** Runs a command of `ner-maf` from its source; an option without a value is a flag, one of `undefined` or false is none. */
export function runNerMaf(
  command: string,
  options: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>,
): Promise<void> {
  const root = fileURLToPath(new URL('..', import.meta.url))
  const words = Object.entries(options).flatMap(([name, value]) => {
    if (value === undefined || value === false) return []
    return [`--${name}`, ...(value === true ? [] : [value].flat().map(String))]
  })
  return runShown('npm', ['run', '--silent', '--prefix', root, 'ner-maf', '--', command, ...words])
}
