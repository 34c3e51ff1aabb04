// @ts-check
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { scope } from '../workspace/packages.mjs'
import { layerOf, optionalPackages, sideEffects, withoutTensors } from './layers.mjs'

const onlyPeer = '@tensorflow/tfjs-core'
const sourceCondition = '@mafjs/source'

/** Whether a plain caret range holds a version. @param {string} range @param {string} version */
const caretHolds = (range, version) => {
  const wanted = /^\^(\d+)\.(\d+)\.(\d+)$/.exec(range)?.slice(1).map(Number)
  const given = /^(\d+)\.(\d+)\.(\d+)/.exec(version)?.slice(1).map(Number)
  if (!wanted || !given) return false
  const firstPositive = wanted.findIndex(part => part > 0)
  const fixed = firstPositive < 0 ? 2 : firstPositive
  const sameFixed = given.slice(0, fixed + 1).every((part, i) => part === wanted[i])
  const notOlder = given.map((part, i) => part - (wanted[i] ?? 0)).find(difference => difference !== 0) ?? 0
  return sameFixed && notOlder >= 0
}

/**
 * What is wrong in a package.json: dependencies, peers, export conditions, fields every package has.
 *
 * @param {import('../workspace/packages.mjs').Package} one
 * @param {import('../workspace/packages.mjs').Package[]} packages
 * @param {import('../workspace/packages.mjs').Manifest} rootManifest
 * @returns {import('./layers.mjs').Problem[]}
 */
export function manifestProblems(one, packages, rootManifest) {
  const { manifest } = one
  /** @type {import('./layers.mjs').Problem[]} */
  const problems = []
  const add = (/** @type {string} */ problem, /** @type {string} */ fix) =>
    problems.push({ file: `${one.path}/package.json`, problem, fix })

  if (!manifest.name.startsWith(scope) || one.path !== `packages/${one.short}`) {
    add(`is named ${manifest.name} in ${one.path}`, `name it ${scope}<folder>`)
  }
  if (layerOf(one.short) < 0)
    add('is in no layer', `add '${one.short}' to its layer in tools/layers/layers.mjs`)

  for (const [name, range] of Object.entries(manifest.dependencies ?? {})) {
    if (name === onlyPeer) add(`has ${name} as a dependency`, 'move it to "peerDependencies"')
    if (!name.startsWith(scope)) continue
    const version = packages.find(candidate => candidate.name === name)?.manifest.version
    if (!version) add(`depends on ${name}, which is no package of this workspace`, 'correct the name')
    else if (!caretHolds(range, version)) {
      add(
        `depends on ${name} "${range}", which the workspace's ${version} does not satisfy`,
        `write "^${version}"`,
      )
    }
  }
  const peers = Object.keys(manifest.peerDependencies ?? {})
  if (withoutTensors.includes(one.short)) {
    if (peers.includes(onlyPeer)) add(`has the peer ${onlyPeer}`, 'remove it: this package does without')
  } else if (!peers.includes(onlyPeer)) add(`lacks the peer ${onlyPeer}`, `add it to "peerDependencies"`)
  const mayLack = /** @type {Record<string, string[]>} */ (optionalPackages)[one.short] ?? []
  for (const name of peers.filter(peer => peer !== onlyPeer)) {
    if (!mayLack.includes(name)) {
      add(`has the peer ${name}; ${onlyPeer} is the only one`, 'move it to "dependencies"')
    } else if (!manifest.peerDependenciesMeta?.[name]?.optional) {
      add(`needs the peer ${name}`, 'mark it optional in "peerDependenciesMeta"')
    }
  }
  for (const name of Object.keys(manifest.optionalDependencies ?? {})) {
    if (!mayLack.includes(name)) add(`has ${name} in "optionalDependencies"`, 'move it to "dependencies"')
  }

  /** @type {[keyof typeof manifest, unknown][]} */
  const fixed = [
    ['type', 'module'],
    ['sideEffects', /** @type {Record<string, string[]>} */ (sideEffects)[one.short] ?? false],
    ['license', rootManifest.license],
    ['engines', rootManifest.engines],
    ['publishConfig', { access: 'public' }],
  ]
  for (const [field, value] of fixed) {
    if (JSON.stringify(manifest[field]) !== JSON.stringify(value)) {
      add(`has "${field}": ${JSON.stringify(manifest[field])}`, `write "${field}": ${JSON.stringify(value)}`)
    }
  }
  const files = manifest.files ?? []
  if (!files.includes('dist') || files.some(path => /^(\.\/)?(src|test|\*)/.test(path))) {
    add(`publishes "files": ${JSON.stringify(manifest.files)}`, 'write "files": ["dist", "CHANGELOG.md"]')
  }
  if (!manifest.scripts?.build) add('has no build script', 'write "scripts": { "build": "tsup" }')
  if (manifest.private) add('is private', 'remove "private"; private code lives outside packages/')

  const exports = manifest.exports ?? {}
  if (!('.' in exports)) add('has no "." in "exports"', 'export src/index.ts')
  for (const [subpath, target] of Object.entries(exports)) {
    if (subpath === './package.json') continue
    if (subpath.includes('*')) add(`exports the pattern ${subpath}`, 'list every subpath')
    const conditions = Object.keys(/** @type {object} */ (Object(target)))
    const {
      [sourceCondition]: source,
      types,
      default: plain,
    } = /** @type {Record<string, string>} */ (Object(target))
    if (conditions.join() !== [sourceCondition, 'types', 'default'].join()) {
      add(
        `exports ${subpath} under the conditions [${conditions.join(', ')}]`,
        `write "${sourceCondition}" first, then "types", then "default"`,
      )
    } else if (!existsSync(join(one.directory, source ?? ''))) {
      add(`exports ${subpath} from ${source}, which is missing`, 'correct the path')
    } else if (
      !/^\.\/dist\/[\w-]+\.d\.ts$/.test(types ?? '') ||
      plain !== types?.replace(/\.d\.ts$/, '.js')
    ) {
      add(`exports ${subpath} as ${types} and ${plain}`, 'both must be the same entry of dist/')
    }
  }
  return problems
}
