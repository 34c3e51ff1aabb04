import { mkdtemp, rm } from 'node:fs/promises'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { CommanderError, type CommandUnknownOpts, InvalidArgumentError } from '@commander-js/extra-typings'

// Command lines of tools and benchmarks are declared with commander, as that of `cli` is, by the types of
// @commander-js/extra-typings (both MIT, 14: the next one needs Node 22): options, their defaults and `--help` stand in one place.

/** Parses a positive whole number for commander. */
export function count(text: string): number {
  const number = Number(text)
  if (Number.isInteger(number) && number > 0) return number
  throw new InvalidArgumentError('It must be a positive whole number.')
}

/** Runs a script by its command line; a wrong one gets its usage and exit code 2, a failure its message and 1. */
export async function runCommand(command: CommandUnknownOpts): Promise<void> {
  try {
    await command.exitOverride().showHelpAfterError().parseAsync()
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode && 2
    else {
      console.error(error instanceof Error ? error.message : error)
      process.exitCode ||= 1
    }
  }
}

/**
 * Gives something a folder of its own, which is removed however it ends.
 *
 * @param keep leaves it, and says where it is
 */
export async function withFolder<T>(
  name: string,
  use: (folder: string) => Promise<T>,
  { keep = false }: { keep?: boolean | undefined } = {},
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), `maf-${name}-`))
  try {
    return await use(folder)
  } finally {
    if (keep) console.log(`kept: ${folder}`)
    else await rm(folder, { recursive: true, force: true })
  }
}

/** A signal that is aborted when this process is told to end, whose exit code is then the shell's for that. */
export function untilInterrupted(): AbortSignal {
  const interruption = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      process.exitCode = 128 + constants.signals[name]
      interruption.abort(new Error(`interrupted by ${name}`))
    })
  }
  return interruption.signal
}
