// @ts-check
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

/**
 * A packed package: the tarball, its size in bytes, the paths it holds.
 * @typedef {{ tarball: string, size: number, files: string[] }} Packed
 */

/**
 * Packs a built package as `npm publish` would.
 *
 * @param {import('../workspace/packages.mjs').Package} one
 * @param {string} destination an existing folder
 * @returns {Packed}
 * @throws when the package has not been built
 */
export function pack(one, destination) {
  if (!existsSync(join(one.directory, 'dist/index.js'))) {
    throw new Error(`${one.path}/dist/index.js is missing. Build first: npm run build`)
  }
  const words = ['pack', '--json', '--ignore-scripts', '--pack-destination', destination]
  /** @type {import('node:child_process').ExecFileSyncOptionsWithStringEncoding} */
  const how = { cwd: one.directory, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }
  const [packed] = JSON.parse(execFileSync('npm', words, how))
  return {
    tarball: join(destination, packed.filename),
    size: packed.size,
    files: packed.files.map((/** @type {{ path: string }} */ { path }) => path),
  }
}
