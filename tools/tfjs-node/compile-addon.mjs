// @ts-check
import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { BuildError, run } from './run.mjs'

/** What the addon is linked against; libtensorflow_cc holds the C interface. */
export const LIBRARIES = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2']

/** The Node-API of the package's sources; an addon for it runs on every later Node. */
const NODE_API = 8

/**
 * The folder of `node_api.h`: Node's own, or that of the npm package `node-api-headers` where Node came without.
 *
 * @param {string} folder to download to
 * @returns {string}
 */
export function nodeHeaders(folder) {
  const own = join(dirname(dirname(process.execPath)), 'include/node')
  if (existsSync(join(own, 'node_api.h'))) return own
  const fix = 'It brings the headers that this Node came without.'
  run('npm', ['install', '--ignore-scripts', '--prefix', folder, 'node-api-headers@1'], { fix })
  return join(folder, 'node_modules/node-api-headers/include')
}

/**
 * Compiles the package's own sources against TensorFlow's libraries.
 *
 * @param {object} options
 * @param {string} options.compiler
 * @param {string} options.sources the package's folder
 * @param {string} options.headers of Node-API
 * @param {string} options.tensorflow folder with TensorFlow's libraries and headers
 * @param {string} options.libraries where the addon finds the libraries when it is loaded; may begin with `$ORIGIN`
 * @param {string} options.out file to write
 * @throws {BuildError} where TensorFlow's folder is incomplete, or the compiler fails
 */
export function compileAddon({ compiler, sources, headers, tensorflow, libraries, out }) {
  const needed = [...LIBRARIES, 'include/tensorflow/c/eager/c_api.h']
  const missing = needed.filter(file => !existsSync(join(tensorflow, file)))
  if (missing.length > 0) {
    throw new BuildError(
      `${tensorflow} lacks ${missing.join(', ')}. Take TensorFlow 2.12 or newer, for Linux with glibc.`,
    )
  }
  const binding = join(sources, 'binding')
  const files = readdirSync(binding).filter(file => file.endsWith('.cc'))
  // Bound at once, so that a function which a release lacks is found when the addon is tried, not in a training run.
  const options = ['-std=c++17', '-O2', '-fPIC', '-shared', `-DNAPI_VERSION=${NODE_API}`]
    .concat(`-I${headers}`, `-I${join(tensorflow, 'include')}`)
    .concat(files.map(file => join(binding, file)))
    .concat(`-L${tensorflow}`, ...LIBRARIES.map(library => `-l:${library}`))
    .concat(`-Wl,-rpath,${libraries}`, '-Wl,-z,now', '-o', out)
  run(compiler, options, {
    fix: "A C++17 compiler is needed (Debian's package: g++); name another with --compiler.",
  })
}
