// @ts-check
import { builtinModules } from 'node:module'
import { posix } from 'node:path'
import { packageOf } from '../workspace/module-syntax.mjs'
import { scope } from '../workspace/packages.mjs'
import { layerOf, mayImport, needNode, nodeFolders, optionalPackages, withoutTensors } from './layers.mjs'

/**
 * A source or test file of a package; `path` is relative to the package, `file` to the root.
 * @typedef {{ path: string, file: string, text: string, syntax: import('../workspace/module-syntax.mjs').ModuleSyntax }} SourceFile
 */

/** Whether a file lies where a package may need Node. @param {string} short @param {string} path */
const isNodeFolder = (short, path) => {
  /** @type {Record<string, string[]>} */
  const folders = nodeFolders
  return folders[short]?.some(folder => path.startsWith(`${folder}/`)) === true
}

const isBuiltin = (/** @type {string} */ specifier) =>
  specifier.startsWith('node:') || builtinModules.includes(specifier)

/**
 * What a package's files import against the rules: layers, internals, undeclared packages, paths out of the package.
 *
 * @param {import('../workspace/packages.mjs').Package} one
 * @param {import('../workspace/packages.mjs').Package[]} packages
 * @param {SourceFile[]} files
 * @param {Set<string>} testOnly packages that tests may import besides the declared ones
 * @returns {import('./layers.mjs').Problem[]}
 */
export function importProblems(one, packages, files, testOnly) {
  const { manifest, short } = one
  /** @type {Record<string, string[]>} */
  const mayLack = optionalPackages
  const declared = new Set([
    // Of ours and asked for when it is needed: as a peer, each minor of it would be a major of this one (changesets).
    ...(mayLack[short] ?? []).filter(name => name.startsWith(scope)),
    ...Object.keys(manifest.dependencies ?? {}),
    ...Object.keys(manifest.peerDependencies ?? {}),
    manifest.name,
    // The package's own: one name for files that a condition chooses between.
    ...Object.keys(manifest.imports ?? {}),
  ])
  const used = new Set()
  const problems = files.flatMap(({ path, file, syntax }) =>
    syntax.imports.flatMap(({ specifier, line }) => {
      const at = (/** @type {string} */ problem, /** @type {string} */ fix) => [
        { file: `${file}:${line}`, problem: `imports '${specifier}': ${problem}`, fix },
      ]
      const inSource = path.startsWith('src/')
      if (isBuiltin(specifier)) {
        if (!inSource || needNode.includes(short) || isNodeFolder(short, path)) return []
        return at(
          'this package also runs in browsers',
          'move what needs Node to @mafjs/encoders or @mafjs/ner-maf',
        )
      }
      if (specifier.startsWith('/'))
        return at('an absolute path', 'import by package name or by a relative path')
      if (specifier.startsWith('.')) {
        const target = posix.join(posix.dirname(path), specifier)
        if (inSource && target.startsWith('test/'))
          return at('what is published must not need tests', 'move what both need to src')
        if (!target.startsWith('..')) return []
        // What tests of a package below prepare, tests above need not prepare again.
        const [, other, within] = /^\.\.\/([^/]+)\/(test\/|src\/)?/.exec(target) ?? []
        if (!inSource && within === 'test/' && other && mayImport(short, other)) return []
        return at(
          'a relative import must not leave its package',
          `import the other package by its ${scope} name`,
        )
      }
      const name = packageOf(specifier)
      if (inSource && name === one.name)
        return at('its own package', 'import the file itself by a relative path')
      if (inSource) used.add(name)
      if (name.startsWith(scope) && name !== one.name) {
        const target = packages.find(candidate => candidate.name === name)
        if (!target) return at('no package of this workspace has that name', 'correct the name')
        if (!mayImport(short, target.short)) {
          const siblings = layerOf(short) === layerOf(target.short)
          return at(
            siblings ? 'siblings never import each other' : 'a package imports only from lower layers',
            'move what both need down to @mafjs/tensor, or wire them together in @mafjs/ner-maf',
          )
        }
        if (inSource && specifier === `${scope}tensor` && withoutTensors.includes(short)) {
          return at('it brings TensorFlow.js', `import from ${scope}tensor/errors, /files or /random`)
        }
        const subpath = `.${specifier.slice(name.length)}`
        if (!(subpath in (target.manifest.exports ?? {}))) {
          return at(
            `${name} exports no '${subpath}'; its internals are private`,
            `import a name that ${name} exports`,
          )
        }
      }
      if (declared.has(name) || (!inSource && testOnly.has(name))) return []
      return at(
        'not declared',
        inSource
          ? `add ${name} to "dependencies" of ${one.path}/package.json`
          : `add ${name} to "devDependencies" of ${one.path}/package.json or of the root`,
      )
    }),
  )
  // What a package below may lack, one above brings along.
  const brought = new Set(
    packages.filter(({ name }) => used.has(name)).flatMap(({ short }) => mayLack[short] ?? []),
  )
  const unused = Object.keys(manifest.dependencies ?? {}).filter(
    name => !used.has(name) && !brought.has(name),
  )
  return [
    ...problems,
    ...unused.map(name => ({
      file: `${one.path}/package.json`,
      problem: `depends on ${name}, which no file of ${one.path}/src imports`,
      fix: `remove it from "dependencies" (and its reference from ${one.path}/tsconfig.json)`,
    })),
  ]
}
