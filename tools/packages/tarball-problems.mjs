// @ts-check
import { readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { join } from 'node:path'
import { inOnePiece, optionalPackages } from '../layers/layers.mjs'
import { moduleSyntax, packageOf } from '../workspace/module-syntax.mjs'
import { scope } from '../workspace/packages.mjs'

const needed = ['package.json', 'README.md', 'LICENSE']
const allowed = [...needed, 'CHANGELOG.md']

/** The files of dist/ and the commands that a manifest promises. @param {import('../workspace/packages.mjs').Manifest} manifest */
const promised = manifest => [
  ...Object.values(manifest.exports ?? {})
    .flatMap(target => Object.values(Object(target)))
    .filter(path => String(path).startsWith('./dist/'))
    .map(path => String(path).slice(2)),
  ...commandsOf(manifest),
]

/** The files a manifest installs as commands. @param {import('../workspace/packages.mjs').Manifest} manifest */
const commandsOf = ({ bin = {} }) => Object.values(bin).map(path => path.replace('./', ''))

/**
 * What a tarball lacks, and what it should not hold.
 *
 * @param {import('../workspace/packages.mjs').Package} one
 * @param {string[]} files the paths in the tarball
 * @returns {string[]}
 */
export function contentProblems({ manifest, directory }, files) {
  const missing = [...needed, ...promised(manifest)].filter(path => !files.includes(path))
  const commands = commandsOf(manifest)
  const foreign = files.filter(
    path => !path.startsWith('dist/') && !allowed.includes(path) && !commands.includes(path),
  )
  const plain = commands.filter(
    path =>
      files.includes(path) &&
      !readFileSync(join(directory, path), 'utf8').startsWith('#!/usr/bin/env node\n'),
  )
  return [
    ...missing.map(path => `the tarball lacks ${path}`),
    ...foreign.map(path => `the tarball holds ${path}, which users do not need`),
    ...plain.map(path => `${path} is a command but does not start with #!/usr/bin/env node`),
  ]
}

/** @param {string} map the path of a source map @returns the path of what it is of */
const built = map => map.slice(0, -'.map'.length)

/**
 * What a file in one piece may be made of: the package and those that it declares, and packages of others whose licence it carries.
 *
 * @param {string} content
 * @param {ReadonlySet<string>} declared
 */
function ownOfPiece(content, declared) {
  const ours = [...declared].filter(name => name.startsWith(scope)).map(name => name.slice(scope.length))
  const licensed = [...content.matchAll(/^\/\*! (\S+), part of this file:$/gm)].map(([, name]) => name)
  return new RegExp(
    `^\\.\\./(src/|\\.\\./(${ours.join('|')})/src/|(\\.\\./)*node_modules/(${licensed.join('|')})/)`,
  )
}

/**
 * What the built files import undeclared, or hold although it is not this package's: publint and attw do not notice
 * a dependency that the bundler took in whole.
 *
 * @param {import('../workspace/packages.mjs').Package} one
 * @param {string[]} files the paths in the tarball
 * @returns {string[]}
 */
export function bundleProblems({ short, manifest, directory }, files) {
  /** @type {Record<string, string[]>} */
  const optional = optionalPackages
  const declared = new Set([
    // Without them it says itself what to install.
    ...(optional[short] ?? []),
    manifest.name,
    ...Object.keys(manifest.dependencies ?? {}),
    ...Object.keys(manifest.peerDependencies ?? {}),
    ...Object.keys(manifest.imports ?? {}),
  ])
  /** @type {Record<string, string[]>} */
  const { [short]: pieces = [] } = inOnePiece
  return files.flatMap(path => {
    if (path.endsWith('.map')) {
      /** @type {{ sources: string[] }} */
      const { sources } = JSON.parse(readFileSync(join(directory, path), 'utf8'))
      const own = pieces.includes(built(path))
        ? ownOfPiece(readFileSync(join(directory, built(path)), 'utf8'), declared)
        : /^\.\.\/(src\/|package\.json$)/
      const foreign = sources.filter(source => !own.test(source))
      return foreign.map(source => `${path} was built from ${source}: a bundled copy of something else`)
    }
    if (!/\.(js|d\.ts)$/.test(path)) return []
    const { imports } = moduleSyntax(path, readFileSync(join(directory, path), 'utf8'))
    return imports.flatMap(({ specifier, line }) => {
      if (/^\.\.?\//.test(specifier) || specifier.startsWith('node:') || builtinModules.includes(specifier))
        return []
      const name = packageOf(specifier)
      return declared.has(name)
        ? []
        : [`${path}:${line} imports ${name}, which package.json does not declare`]
    })
  })
}
