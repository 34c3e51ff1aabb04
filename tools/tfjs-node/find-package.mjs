// @ts-check
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { BuildError } from './run.mjs'

/** The version whose sources were compiled and tried. */
export const TFJS_NODE_VERSION = '4.22.0'

/**
 * @typedef {object} TfjsNodePackage an installed `@tensorflow/tfjs-node` or `-gpu`
 * @property {string} name
 * @property {string} folder
 * @property {string} version
 * @property {string} addon where the package looks for its addon
 */

/**
 * Finds the package as the project would import it, and where it looks for its addon.
 *
 * @param {string} project folder with a package.json
 * @param {string} name
 * @returns {TfjsNodePackage}
 * @throws {BuildError} where it is not installed
 */
export function findPackage(project, name) {
  const requireHere = createRequire(join(resolve(project), 'package.json'))
  const manifest = (() => {
    try {
      return requireHere.resolve(`${name}/package.json`)
    } catch {
      throw new BuildError(
        `${name} is not installed in ${resolve(project)}. ` +
          `Install it there first: npm install --ignore-scripts ${name}@${TFJS_NODE_VERSION}`,
      )
    }
  })()
  const { version } = JSON.parse(readFileSync(manifest, 'utf8'))
  // The package asks the same function when it is imported: the folder's name holds a Node-API version.
  const { find } = createRequire(manifest)('@mapbox/node-pre-gyp')
  return { name, folder: dirname(manifest), version, addon: find(manifest) }
}
