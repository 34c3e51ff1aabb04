import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { bundleProblems, contentProblems } from '../packages/tarball-problems.mjs'
import { closure, readPackages } from '../workspace/packages.mjs'
import { type Files, soundWorkspace, withFolder } from './planted-workspace'

const built: Files = {
  'packages/tensor/dist/index.js': 'export const made = 1\n//# sourceMappingURL=index.js.map\n',
  'packages/tensor/dist/index.js.map': { version: 3, sources: ['../src/tensor-made.ts'], mappings: '' },
  'packages/tensor/dist/index.d.ts': 'declare const made = 1;\nexport { made };\n',
}
const published = [
  'package.json',
  'README.md',
  'LICENSE',
  ...Object.keys(built).map(path => path.split('tensor/')[1]!),
]

/** The problems of the planted tensor package, as if `files` were in its tarball. */
const problemsOf = (change: Files, files = published) =>
  withFolder({ ...soundWorkspace(), ...built, ...change }, root => {
    const tensor = readPackages(root).find(({ short }) => short === 'tensor')!
    return [...contentProblems(tensor, files), ...bundleProblems(tensor, files)]
  })

describe('a tarball', () => {
  test('that is sound has no problem', () => expect(problemsOf({})).toEqual([]))
  test('lacks a document', () => {
    const files = published.filter(path => path !== 'LICENSE')
    expect(problemsOf({}, files)).toEqual(['the tarball lacks LICENSE'])
  })
  test('lacks an exported file', () => {
    const files = published.filter(path => !path.endsWith('.d.ts'))
    expect(problemsOf({}, files)).toEqual(['the tarball lacks dist/index.d.ts'])
  })
  test('holds source or tests', () => {
    expect(problemsOf({}, [...published, 'src/index.ts', 'test/made.test.ts'])).toEqual([
      'the tarball holds src/index.ts, which users do not need',
      'the tarball holds test/made.test.ts, which users do not need',
    ])
  })
  test('imports what it does not declare, in code or in types', () => {
    const change = {
      'packages/tensor/dist/index.js': "import fs from 'node:fs'\nimport { x } from 'lodash/fp'\n",
      'packages/tensor/dist/index.d.ts': "export type A = import('@scope/other').A\n",
    }
    expect(problemsOf(change)).toEqual([
      'dist/index.js:2 imports lodash, which package.json does not declare',
      'dist/index.d.ts:1 imports @scope/other, which package.json does not declare',
    ])
  })
  test('holds a bundled copy of a dependency', () => {
    const map = {
      version: 3,
      sources: ['../src/index.ts', '../../../node_modules/lodash/fp.js'],
      mappings: '',
    }
    expect(problemsOf({ 'packages/tensor/dist/index.js.map': map })).toEqual([
      expect.stringContaining('node_modules/lodash/fp.js'),
    ])
  })
  test('has a file in one piece that holds what is not declared, or lacks the licence of what is not ours', () => {
    const file = 'dist/browser-worker.js'
    const places = [
      '../src/a.ts',
      '../../crf/src/b.ts',
      '../../serve/src/c.ts',
      '../../../node_modules/leven/d.js',
    ]
    const manifest = { name: '@mafjs/ner-maf', version: '0.0.0', dependencies: { '@mafjs/crf': '^0.0.0' } }
    const one = { name: manifest.name, short: 'ner-maf', path: 'packages/ner-maf', manifest }
    const problemsOf = (code: string) =>
      withFolder(
        { [file]: code, [`${file}.map`]: { version: 3, sources: places, mappings: '' } },
        directory => bundleProblems({ ...one, directory }, [`${file}.map`]),
      )
    const serve = expect.stringContaining('serve/src/c.ts')
    expect(problemsOf('')).toEqual([serve, expect.stringContaining('leven/d.js')])
    expect(problemsOf('/*! leven, part of this file:\nMIT\n*/\n')).toEqual([serve])
  })
  test('may hold the command its manifest names, and must hold it', () => {
    const path = 'packages/tensor/package.json'
    const change = {
      [path]: { ...(soundWorkspace()[path] as object), bin: { it: './bin/it.js' } },
      'packages/tensor/bin/it.js': '#!/usr/bin/env node\n',
    }
    expect(problemsOf(change, [...published, 'bin/it.js'])).toEqual([])
    expect(problemsOf(change)).toEqual(['the tarball lacks bin/it.js'])
  })
  test('has a command without its first line', () => {
    const path = 'packages/tensor/package.json'
    const manifest = { ...(soundWorkspace()[path] as object), bin: { it: './dist/index.js' } }
    expect(problemsOf({ [path]: manifest })).toEqual([expect.stringContaining('#!/usr/bin/env node')])
  })
})

test('the closure of ner-maf holds every package once, dependencies first', () => {
  const names = withFolder(soundWorkspace(), root => {
    const packages = readPackages(root)
    return closure(packages.find(({ short }) => short === 'ner-maf')!, packages).map(({ short }) => short)
  })
  expect(names).toEqual(['tensor', 'align', 'crf', 'ner-maf'])
})

test('the command packs and runs publint and attw; what they find fails it', () => {
  const command = fileURLToPath(new URL('../check-packages.mjs', import.meta.url))
  const dist = (short: string, code: string, types: string): Files => ({
    [`packages/${short}/dist/index.js`]: code,
    [`packages/${short}/dist/index.d.ts`]: types,
  })
  const files = {
    ...soundWorkspace(),
    ...built,
    ...dist('align', 'module.exports = { made: 1 }\n', 'declare const made = 1;\nexport = made;\n'),
    ...dist('crf', 'export const made = 1\n', "export { made } from './gone'\n"),
  }
  const { status, stdout } = withFolder(files, root =>
    spawnSync(process.execPath, [command, root], { encoding: 'utf8' }),
  )
  const reports = stdout.split(/^(?=@)/m)
  expect(reports).toEqual([
    expect.stringMatching(/^@mafjs\/align .*FAILED\n.*publint: /),
    expect.stringMatching(/^@mafjs\/crf .*FAILED\n.*attw: /),
    expect.stringMatching(/^@mafjs\/ner-maf .*FAILED\n.*Build first: npm run build/),
    expect.stringMatching(/^@mafjs\/tensor 0\.1\.0, \d+\.\d kB: ok\n$/),
  ])
  expect(status).toBe(1)
})
