import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { vi } from 'vitest'
import { FROM_SOURCE } from '../../../ner-maf/test/from-source'
import { run } from '../../src/run'

/** What a command did. */
export interface Outcome {
  code: number | null
  stdout: string
  stderr: string
}

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url))

/** Starts `ner-maf` as a process of its own, which writes to a pipe or to a file. */
export function startTo(stdout: 'pipe' | number, ...args: string[]): ChildProcess {
  return spawn(process.execPath, [...FROM_SOURCE, 'packages/cli/src/main.ts', ...args], {
    cwd: ROOT,
    stdio: ['pipe', stdout, 'pipe'],
  })
}

/** Starts a file of this repository that is, or becomes, the command line. */
export const startFile = (file: string, args: readonly string[]): ChildProcess =>
  spawn(process.execPath, [...FROM_SOURCE, file, ...args], { cwd: ROOT, stdio: 'pipe' })

/** Starts `ner-maf` as a process of its own. */
export const start = (...args: string[]): ChildProcess => startTo('pipe', ...args)

/** Starts `ner-maf` in a shell that has been told something first. */
export const startAfter = (told: string, ...args: string[]): ChildProcess =>
  spawn(
    'sh',
    ['-c', `${told}; exec "$@"`, 'sh', process.execPath, ...FROM_SOURCE, 'packages/cli/src/main.ts', ...args],
    { cwd: ROOT, stdio: 'pipe' },
  )

/** What a process wrote until it ended. */
export async function outcomeOf(child: ChildProcess): Promise<Outcome> {
  const outcome: Outcome = { code: null, stdout: '', stderr: '' }
  child.stdout?.setEncoding('utf8').on('data', chunk => {
    outcome.stdout += chunk
  })
  child.stderr?.setEncoding('utf8').on('data', chunk => {
    outcome.stderr += chunk
  })
  const [code] = await once(child, 'close')
  return { ...outcome, code }
}

/** Runs a command within this process, which saves the start; all but signals and pipes are the same. */
export async function here(...args: string[]): Promise<Outcome> {
  const written = { stdout: '', stderr: '' }
  const capture = (stream: 'stdout' | 'stderr') => (text: unknown) => {
    written[stream] += String(text)
    return true
  }
  const line = (stream: 'stdout' | 'stderr') => (text: unknown) => {
    written[stream] += `${text}\n`
  }
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(capture('stdout')),
    vi.spyOn(process.stderr, 'write').mockImplementation(capture('stderr')),
    vi.spyOn(console, 'log').mockImplementation(line('stdout')),
    vi.spyOn(console, 'error').mockImplementation(line('stderr')),
  ]
  try {
    const code = await run(args)
    return { code, ...written }
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
}
