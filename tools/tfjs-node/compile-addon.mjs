// @ts-check
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { BuildError, run } from './tensorflow-wheel.mjs'

/** What the addon is linked against; libtensorflow_cc holds the C interface. */
export const LIBRARIES = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2']

/** The Node-API of the package's sources; an addon for it runs on every later Node. */
const NODE_API = 8

/** The version whose sources were compiled and tried. */
const TFJS_NODE_VERSION = '4.22.0'

/**
 * Finds `@tensorflow/tfjs-node` or `-gpu` as the project would import it, and where it looks for its addon.
 *
 * @param {string} project folder with a package.json
 * @param {string} name
 * @throws {BuildError} where it is not installed
 */
export function findPackage(project, name) {
  let manifest
  try {
    manifest = createRequire(join(resolve(project), 'package.json')).resolve(`${name}/package.json`)
  } catch {
    const fix = `Install it there first: npm install --ignore-scripts ${name}@${TFJS_NODE_VERSION}`
    throw new BuildError(`${name} is not installed in ${resolve(project)}. ${fix}`)
  }
  const { version } = JSON.parse(readFileSync(manifest, 'utf8'))
  // The package asks the same function when it is imported: the folder's name holds a Node-API version.
  const { find } = createRequire(manifest)('@mapbox/node-pre-gyp')
  return { folder: dirname(manifest), version: String(version), addon: String(find(manifest)) }
}

/**
 * The folder of `node_api.h`: Node's own, or that of the npm package `node-api-headers` where Node came without.
 *
 * @param {string} folder to download to
 * @returns {string}
 */
export function nodeHeaders(folder) {
  const own = join(dirname(dirname(process.execPath)), 'include/node')
  if (existsSync(join(own, 'node_api.h'))) return own
  const options = ['install', '--ignore-scripts', '--prefix', folder, 'node-api-headers@1']
  run('npm', options, 'It brings the headers that this Node came without.')
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
    const fix = 'Take TensorFlow 2.12 or newer, for Linux with glibc.'
    throw new BuildError(`${tensorflow} lacks ${missing.join(', ')}. ${fix}`)
  }
  const binding = join(sources, 'binding')
  const files = readdirSync(binding).filter(file => file.endsWith('.cc'))
  // Bound at once, so that a function which a release lacks is found when the addon is tried, not in a training run.
  const options = ['-std=c++17', '-O2', '-fPIC', '-shared', `-DNAPI_VERSION=${NODE_API}`]
    .concat(`-I${headers}`, `-I${join(tensorflow, 'include')}`)
    .concat(files.map(file => join(binding, file)))
    .concat(`-L${tensorflow}`, ...LIBRARIES.map(library => `-l:${library}`))
    .concat(`-Wl,-rpath,${libraries}`, '-Wl,-z,now', '-o', out)
  run(compiler, options, "A C++17 compiler is needed (Debian's package: g++); name another with --compiler.")
}
