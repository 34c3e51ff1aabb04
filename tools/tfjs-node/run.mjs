// @ts-check
import { spawnSync } from 'node:child_process'

/** A step that failed, told to the user without a stack. */
export class BuildError extends Error {
  /** @override */
  name = 'BuildError'
}

/**
 * Runs a program to its end and gives what it printed.
 *
 * @param {string} command
 * @param {readonly string[]} options
 * @param {{ fix: string, env?: NodeJS.ProcessEnv }} about what the user can do where it fails
 * @returns {string}
 * @throws {BuildError} with the last lines it printed
 */
export function run(command, options, { fix, env = process.env }) {
  const { status, signal, stdout, stderr, error } = spawnSync(command, options, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 2 ** 26,
    env,
  })
  if (error) throw new BuildError(`"${command}" could not be started (${error.message}). ${fix}`)
  if (status === 0) return stdout
  const said = (stderr.trim() || stdout.trim()).split('\n').slice(-15).join('\n')
  throw new BuildError(`"${command}" failed (${signal ?? `exit code ${status}`}). ${fix}\n${said}`)
}
