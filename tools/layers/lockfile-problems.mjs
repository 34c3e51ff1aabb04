// @ts-check
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * What the checks read of a lock file's entry.
 * @typedef {{ resolved?: string, link?: boolean, integrity?: string, inBundle?: boolean, extraneous?: boolean,
 *   optionalDependencies?: Record<string, string> }} LockEntry
 */

/**
 * The lock file must work everywhere: with addresses in it `npm ci` needs that one registry, and without the
 * binaries of other platforms (a registry that answers 404 for one makes npm leave it out) `npm ci` refuses it.
 *
 * @param {string} root
 * @returns {import('./layers.mjs').Problem[]}
 */
export function lockfileProblems(root) {
  const file = 'package-lock.json'
  const again = 'run npm install again'
  if (!existsSync(join(root, file))) {
    return [{ file, problem: 'is missing; npm ci needs it', fix: 'run npm install and commit the file' }]
  }
  /** @type {{ packages?: Record<string, LockEntry> }} */
  const { packages = {} } = JSON.parse(readFileSync(join(root, file), 'utf8'))
  const present = new Set(Object.keys(packages).map(path => path.replace(/^.*node_modules\//, '')))
  return Object.entries(packages).flatMap(([path, entry]) => {
    const problems = Object.keys(entry.optionalDependencies ?? {})
      .filter(name => !present.has(name))
      .map(name => ({
        file,
        problem: `lacks ${name}, an optional dependency of ${path}`,
        fix: 'pin a version of which the registry has the binaries of every platform',
      }))
    if (entry.resolved?.includes('://')) {
      const fix = `keep omit-lockfile-registry-resolved=true in .npmrc and ${again}`
      problems.push({ file, problem: `holds a resolved address for ${path}`, fix })
    }
    if (entry.extraneous) problems.push({ file, problem: `holds ${path}, which nothing needs`, fix: again })
    if (path.includes('node_modules/') && !entry.link && !entry.inBundle && !entry.integrity) {
      problems.push({ file, problem: `holds no integrity hash for ${path}`, fix: again })
    }
    return problems
  })
}
