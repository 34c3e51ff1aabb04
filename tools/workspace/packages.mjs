// @ts-check
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/**
 * What the checks read of a package.json.
 *
 * @typedef {{
 *   name: string, version: string, private?: boolean, type?: string, license?: string, sideEffects?: unknown,
 *   engines?: Record<string, string>, exports?: Record<string, unknown>, bin?: Record<string, string>,
 *   files?: string[], publishConfig?: Record<string, string>, scripts?: Record<string, string>,
 *   imports?: Record<string, unknown>, dependencies?: Record<string, string>, peerDependencies?: Record<string, string>,
 *   peerDependenciesMeta?: Record<string, { optional?: boolean }>,
 *   devDependencies?: Record<string, string>, optionalDependencies?: Record<string, string>,
 * }} Manifest
 *
 * One package of the workspace; `short` is its name without the scope, `path` is relative to the root.
 * @typedef {{ name: string, short: string, path: string, directory: string, manifest: Manifest }} Package
 */

export const scope = '@mafjs/'

/**
 * The root that a check is to look at, where its file is the program that runs: the one that is named, or this workspace.
 *
 * @param {ImportMeta} check
 * @returns {string | undefined} nothing where another file imports it
 */
export const checkedRoot = ({ dirname, filename }) =>
  resolve(process.argv[1] ?? '') === filename ? resolve(process.argv[2] ?? join(dirname, '..')) : undefined

/** @param {string} file @returns {Manifest} */
export const readManifest = file => JSON.parse(readFileSync(file, 'utf8'))

/**
 * The packages of a workspace, by name.
 *
 * @param {string} root
 * @param {'packages' | 'models'} [folder] those with code, or with a model alone
 * @returns {Package[]}
 */
export function readPackages(root, folder = 'packages') {
  const parent = join(root, folder)
  if (!existsSync(parent)) return []
  return readdirSync(parent)
    .filter(entry => existsSync(join(parent, entry, 'package.json')))
    .sort()
    .map(entry => {
      const directory = join(parent, entry)
      const manifest = readManifest(join(directory, 'package.json'))
      const short = manifest.name.replace(scope, '')
      return { name: manifest.name, short, path: `${folder}/${entry}`, directory, manifest }
    })
}

/** The names of the workspace packages that a package depends on. @param {Manifest} manifest @returns {string[]} */
export const ownDependencies = manifest =>
  Object.keys(manifest.dependencies ?? {}).filter(name => name.startsWith(scope))

/**
 * A package with all workspace packages it needs, dependencies first.
 *
 * @param {Package} start
 * @param {Package[]} packages
 * @returns {Package[]}
 */
export function closure(start, packages) {
  /** @type {Set<Package>} */
  const found = new Set()
  /** @param {Package} one */
  const visit = one => {
    for (const name of ownDependencies(one.manifest)) {
      const next = packages.find(candidate => candidate.name === name)
      if (!next)
        throw new Error(`${one.path}/package.json depends on ${name}, which is no package of this workspace.`)
      if (!found.has(next)) visit(next)
    }
    found.add(one)
  }
  visit(start)
  return [...found]
}

/** Every file below a folder, relative to it, with `/`. @param {string} directory @returns {string[]} */
export function filesBelow(directory) {
  if (!existsSync(directory)) return []
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry =>
      join(entry.parentPath, entry.name)
        .slice(directory.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort()
}
