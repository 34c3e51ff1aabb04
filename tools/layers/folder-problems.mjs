// @ts-check
import { existsSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import ts from 'typescript'
import { filesBelow, ownDependencies } from '../workspace/packages.mjs'

/** @param {string} file @returns {string[]} the paths of a tsconfig's references */
function references(file) {
  const { config = {} } = ts.parseConfigFileTextToJson(file, readFileSync(file, 'utf8'))
  return (config.references ?? []).map((/** @type {{ path: string }} */ { path }) => path)
}

/** Whether changesets writes a package's change log. @param {string} root @param {string} name */
function changesetsCover(root, name) {
  const file = join(root, '.changeset/config.json')
  if (!existsSync(file)) return false
  return !JSON.parse(readFileSync(file, 'utf8')).ignore?.includes(name)
}

/**
 * What a package's folder lacks: documents, configuration, tests, project references.
 *
 * @param {string} root
 * @param {import('../workspace/packages.mjs').Package} one
 * @param {import('../workspace/packages.mjs').Package[]} packages
 * @returns {import('./layers.mjs').Problem[]}
 */
export function folderProblems(root, one, packages) {
  /** @type {import('./layers.mjs').Problem[]} */
  const problems = []
  const add = (/** @type {string} */ path, /** @type {string} */ problem, /** @type {string} */ fix) =>
    problems.push({ file: `${one.path}/${path}`, problem, fix })
  const has = (/** @type {string} */ path) => existsSync(join(one.directory, path))

  const needed = {
    'README.md': 'say what it is, how to install it, with an example that a test runs',
    LICENSE: 'copy the LICENSE of the root',
    'tsconfig.json': 'copy it from another package and correct its references',
    'tsconfig.build.json': 'copy it from another package',
    'tsup.config.ts': 'call buildPackage of tsup.base.ts',
    'vitest.config.ts': 'call testPackage of vitest.base.ts',
    'src/index.ts': 'list the exported names',
  }
  for (const [path, fix] of Object.entries(needed)) if (!has(path)) add(path, 'is missing', fix)
  if (has('README.md') && !readFileSync(join(one.directory, 'README.md'), 'utf8').includes('```ts')) {
    add('README.md', 'has no ```ts example', 'add one of about ten lines, and a test that runs it')
  }
  if (!has('CHANGELOG.md') && !changesetsCover(root, one.name)) {
    add(
      'CHANGELOG.md',
      'is missing and changesets does not write it',
      'take it out of "ignore" in .changeset/config.json',
    )
  }
  if (!filesBelow(join(one.directory, 'test')).some(path => path.endsWith('.test.ts'))) {
    add('test', 'holds no *.test.ts', 'add tests: conformance, numbers, errors, README')
  }
  if (has('tsconfig.json')) {
    const given = references(join(one.directory, 'tsconfig.json')).map(path => posix.join(one.path, path))
    const wanted = ownDependencies(one.manifest).map(
      name => packages.find(candidate => candidate.name === name)?.path ?? name,
    )
    for (const path of wanted.filter(path => !given.includes(path))) {
      add('tsconfig.json', `lacks the reference to ${path}, a dependency`, 'run npx nx sync')
    }
    const tested = Object.keys(one.manifest.devDependencies ?? {}).map(
      name => packages.find(candidate => candidate.name === name)?.path,
    )
    for (const path of given.filter(path => !wanted.includes(path) && !tested.includes(path))) {
      add('tsconfig.json', `references ${path}, which is no dependency`, 'remove the reference')
    }
  }
  const rootConfig = join(root, 'tsconfig.json')
  if (existsSync(rootConfig) && !references(rootConfig).some(path => posix.join(path) === one.path)) {
    problems.push({
      file: 'tsconfig.json',
      problem: `does not reference ${one.path}`,
      fix: 'run npx nx sync',
    })
  }
  return problems
}
