// @ts-check
// node tools/check-layers.mjs [root]: is the workspace built as docs and design say? Prints every problem with its fix.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { folderProblems } from './layers/folder-problems.mjs'
import { importProblems } from './layers/import-problems.mjs'
import { lockfileProblems } from './layers/lockfile-problems.mjs'
import { manifestProblems } from './layers/manifest-problems.mjs'
import { pageProblems } from './layers/page-problems.mjs'
import { ringProblems } from './layers/ring-problems.mjs'
import { sourceProblems } from './layers/source-problems.mjs'
import { moduleSyntax } from './workspace/module-syntax.mjs'
import { checkedRoot, filesBelow, readManifest, readPackages } from './workspace/packages.mjs'

/** @param {import('./workspace/packages.mjs').Package} one @returns {import('./layers/import-problems.mjs').SourceFile[]} */
export const sourceFiles = one =>
  ['src', 'test'].flatMap(folder =>
    filesBelow(join(one.directory, folder))
      .filter(path => /\.[cm]?[jt]sx?$/.test(path) && !path.includes('fixtures/'))
      .map(path => {
        const text = readFileSync(join(one.directory, folder, path), 'utf8')
        const inPackage = `${folder}/${path}`
        return { path: inPackage, file: `${one.path}/${inPackage}`, text, syntax: moduleSyntax(path, text) }
      }),
  )

/**
 * Every rule over a whole workspace.
 *
 * @param {string} root
 * @returns {{ problems: import('./layers/layers.mjs').Problem[], packages: number, files: number }}
 */
export function checkLayers(root) {
  const rootManifest = readManifest(join(root, 'package.json'))
  const packages = readPackages(root)
  const problems = lockfileProblems(root)
  let count = 0
  for (const one of packages) {
    const files = sourceFiles(one)
    count += files.length
    const testOnly = new Set([
      ...Object.keys(rootManifest.devDependencies ?? {}),
      ...Object.keys(one.manifest.devDependencies ?? {}),
    ])
    problems.push(
      ...manifestProblems(one, packages, rootManifest),
      ...folderProblems(root, one, packages),
      ...importProblems(one, packages, files, testOnly),
      ...sourceProblems(files),
      ...ringProblems(one, files),
      ...pageProblems(one, files),
    )
  }
  if (packages.length === 0) {
    problems.push({ file: 'packages', problem: 'holds no package', fix: 'give the root of the workspace' })
  }
  return { problems, packages: packages.length, files: count }
}

const root = checkedRoot(import.meta)
if (root !== undefined) {
  const { problems, packages, files } = checkLayers(root)
  for (const { file, problem, fix } of problems) console.error(`${file} ${problem}\n    fix: ${fix}`)
  console.log(`layers: ${packages} packages, ${files} files, ${problems.length} problems`)
  process.exitCode = problems.length > 0 ? 1 : 0
}
