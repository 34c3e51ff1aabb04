import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { checkLayers, sourceFiles } from '../check-layers.mjs'
import { knownRings, pageFiles } from '../layers/layers.mjs'
import { pageProblems } from '../layers/page-problems.mjs'
import { ringOf } from '../layers/ring-problems.mjs'
import { moduleSyntax } from '../workspace/module-syntax.mjs'
import { readPackages } from '../workspace/packages.mjs'
import { type Files, soundWorkspace, withFolder } from './planted-workspace'

const problemsOf = (change: Files) =>
  withFolder({ ...soundWorkspace(), ...change }, root => checkLayers(root).problems)

/** The planted package.json with some fields changed. */
const manifest = (short: string, change: object): Files => {
  const path = `packages/${short}/package.json`
  return { [path]: { ...(soundWorkspace()[path] as object), ...change } }
}

const lines = (count: number): string => 'export const made = 1\n'.repeat(count)
const tensor = 'packages/tensor/src/tensor-made.ts'
const align = 'packages/align/src/align-made.ts'
const uses = "import '@mafjs/tensor'\n"
const dot = (change: object) => ({
  exports: {
    '.': {
      '@mafjs/source': './src/index.ts',
      types: './dist/index.d.ts',
      default: './dist/index.js',
      ...change,
    },
  },
})

test('a sound workspace has no problem', () => {
  expect(problemsOf({})).toEqual([])
})

test('strings and comments that look like imports are none', () => {
  const text = `${uses}// import '@mafjs/crf'\nexport const made = "import '@mafjs/crf'"\n`
  expect(problemsOf({ [align]: text })).toEqual([])
})

test('rings that are known are no longer than they are', () => {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const found = readPackages(root).map(one => [one.short, ringOf(sourceFiles(one))] as const)
  expect(Object.fromEntries(found.filter(([, ring]) => ring.length > 0))).toEqual(knownRings)
})

test('Node behind what a page needs is found, by whatever detour; a type is none', () => {
  const files = Object.entries({
    'src/tokenizer/one.ts': "import type { D } from 'node:dns'\nimport { two } from '../two'\n",
    'src/two.ts': "import { type E, three } from './three'\n",
    'src/three.ts': "import type { F } from './four'\nimport 'node:fs'\n",
    'src/four.ts': "import 'node:os'\n",
  }).map(([path, text]) => ({ path, file: path, text, syntax: moduleSyntax(path, text) }))
  const [encoders] = readPackages(fileURLToPath(new URL('../..', import.meta.url))).filter(
    ({ short }) => short === 'encoders',
  )
  expect(pageProblems(encoders!, files)).toEqual([
    expect.objectContaining({
      file: 'src/three.ts:2',
      problem:
        "imports 'node:fs', and a page needs src/tokenizer/one.ts (src/tokenizer/one.ts > src/two.ts > src/three.ts)",
    }),
  ])
})

test('what is listed for a page is there', () => {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  for (const [short, starts] of Object.entries(pageFiles)) {
    for (const start of starts) expect(existsSync(join(root, 'packages', short, start)), start).toBe(true)
  }
})

/** What is planted, where the one problem must be reported, and words it must say. */
const planted: [name: string, change: Files, file: string, words: string][] = [
  [
    'tensor imports a module',
    { [tensor]: "import '@mafjs/align'\n" },
    `${tensor}:1`,
    'only from lower layers',
  ],
  ['a sibling', { [align]: `${uses}import '@mafjs/crf'\n` }, `${align}:2`, 'siblings never import'],
  [
    'a sibling, as a type',
    { [align]: `${uses}let a: import('@mafjs/crf').B` },
    `${align}:2`,
    'siblings never',
  ],
  [
    'a sibling, re-exported',
    { [align]: `${uses}export { a } from '@mafjs/crf'` },
    `${align}:2`,
    'siblings never',
  ],
  ['a sibling, later', { [align]: `${uses}\nawait import('@mafjs/crf')` }, `${align}:3`, 'siblings never'],
  [
    'a sibling in a test',
    { 'packages/crf/test/made.test.ts': "import { a } from '@mafjs/align'\n" },
    'packages/crf/test/made.test.ts:1',
    'siblings never import',
  ],
  ['the model from below', { [align]: `${uses}import '@mafjs/ner-maf'\n` }, `${align}:2`, 'lower layers'],
  [
    'internals',
    { [align]: "import { a } from '@mafjs/tensor/src/made'\n" },
    `${align}:1`,
    'internals are private',
  ],
  [
    'its tests',
    { [align]: `${uses}import { a } from '../test/made'\n` },
    `${align}:2`,
    'must not need tests',
  ],
  ['a way out', { [align]: `${uses}import { a } from '../../tensor/src'\n` }, `${align}:2`, 'must not leave'],
  ['a stranger', { [align]: `${uses}import 'lodash/fp'\n` }, `${align}:2`, 'not declared'],
  ['itself', { [align]: `${uses}import '@mafjs/align'\n` }, `${align}:2`, 'its own package'],
  ['a tool in source', { [align]: `${uses}import 'vitest'\n` }, `${align}:2`, 'not declared'],
  ['Node in a browser package', { [align]: `${uses}import 'node:fs'\n` }, `${align}:2`, 'runs in browsers'],
  [
    'an unknown sibling',
    { [align]: `${uses}import '@mafjs/alien'\n` },
    `${align}:2`,
    'no package of this workspace',
  ],
  [
    'an unused dependency',
    { [align]: 'export const made = 1\n' },
    'packages/align/package.json',
    'no file of',
  ],
  ['export *', { [align]: "export * from '@mafjs/tensor'\n" }, `${align}:1`, 'exports *'],
  ['export * as', { [align]: "export * as all from '@mafjs/tensor'\n" }, `${align}:1`, 'exports *'],
  ['export default', { [align]: `${uses}export default 1\n` }, `${align}:2`, 'default export'],
  [
    'a default function',
    { [align]: `${uses}export default function f() {}\n` },
    `${align}:2`,
    'default export',
  ],
  ['export as default', { [align]: `${uses}export { a as default }\n` }, `${align}:2`, 'default export'],
  [
    'code in index.ts',
    { 'packages/align/src/index.ts': 'export const a = 1\n' },
    'packages/align/src/index.ts:1',
    'more than the list',
  ],
  [
    'a ring of folders',
    {
      'packages/crf/src/a/one.ts': "import type { C } from '../b'\n",
      'packages/crf/src/b/index.ts': "export { two } from './two'\n",
      'packages/crf/src/b/two.ts': "import '../c/three'\n",
      'packages/crf/src/c/three.ts': "\nimport '../a/one'\n",
    },
    'packages/crf/src/a/one.ts:1',
    'a imports b, which leads back to a',
  ],
  ['a long file', { [tensor]: lines(301) }, tensor, 'has 301 lines'],
  ['a vague name', { 'packages/crf/src/utils.ts': '' }, 'packages/crf/src/utils.ts', 'name says nothing'],
  ['camel case', { 'packages/crf/src/myFile.ts': '' }, 'packages/crf/src/myFile.ts', 'kebab-case'],
  ...['README.md', 'LICENSE', 'tsup.config.ts', 'tsconfig.build.json', 'vitest.config.ts'].map(
    (path): [string, Files, string, string] => [
      `no ${path}`,
      { [`packages/crf/${path}`]: undefined },
      `packages/crf/${path}`,
      'is missing',
    ],
  ),
  ['no example', { 'packages/crf/README.md': '# crf\n' }, 'packages/crf/README.md', 'no ```ts example'],
  ['no tests', { 'packages/crf/test/made.test.ts': undefined }, 'packages/crf/test', 'holds no *.test.ts'],
  [
    'no change log',
    { '.changeset/config.json': { ignore: ['@mafjs/crf'] } },
    'packages/crf/CHANGELOG.md',
    'changesets does not write it',
  ],
  [
    'a missing reference',
    { 'packages/crf/tsconfig.json': '{ "references": [/* none */] }' },
    'packages/crf/tsconfig.json',
    'lacks the reference to packages/tensor',
  ],
  [
    'a stale reference',
    { 'packages/crf/tsconfig.json': { references: [{ path: '../tensor' }, { path: '../align' }] } },
    'packages/crf/tsconfig.json',
    'references packages/align',
  ],
  [
    'a package the root forgets',
    {
      'tsconfig.json': {
        references: ['tensor', 'align', 'ner-maf'].map(path => ({ path: `packages/${path}` })),
      },
    },
    'tsconfig.json',
    'does not reference packages/crf',
  ],
  ...(
    [
      ['sideEffects', { sideEffects: true }, '"sideEffects": true'],
      ['engines', { engines: undefined }, '"engines"'],
      ['CommonJS', { type: 'commonjs' }, '"type"'],
      ['a second peer', { peerDependencies: { '@tensorflow/tfjs-core': '*', sharp: '*' } }, 'peer sharp'],
      ['no peer', { peerDependencies: {} }, 'lacks the peer'],
      ['an old range', { dependencies: { '@mafjs/tensor': '^0.0.9' } }, 'does not satisfy'],
      ['a zero range', { dependencies: { '@mafjs/tensor': '^0.0.0' } }, 'does not satisfy'],
      ['a loose range', { dependencies: { '@mafjs/tensor': '*' } }, 'does not satisfy'],
      ['src published', { files: ['dist', 'src'] }, 'publishes'],
      ['no build', { scripts: {} }, 'no build script'],
      ['source not first', dot({ '@mafjs/source': undefined }), 'write "@mafjs/source" first'],
      ['no such source', dot({ '@mafjs/source': './src/gone.ts' }), 'which is missing'],
      ['two entries', dot({ default: './dist/main.js' }), 'same entry'],
    ] satisfies [string, object, string][]
  ).map(([name, change, words]): [string, Files, string, string] => [
    name,
    manifest('crf', change),
    'packages/crf/package.json',
    words,
  ]),
  [
    'a resolved address',
    {
      'package-lock.json': {
        packages: { 'node_modules/a': { resolved: 'https://a/a.tgz', integrity: 'x' } },
      },
    },
    'package-lock.json',
    'resolved address for node_modules/a',
  ],
  [
    'no integrity hash',
    { 'package-lock.json': { packages: { 'node_modules/a': {} } } },
    'package-lock.json',
    'no integrity hash',
  ],
  [
    'a binary of another platform left out of the lock file',
    {
      'package-lock.json': {
        packages: {
          'node_modules/a': {
            integrity: 'x',
            optionalDependencies: { 'a-linux': '1.0.0', 'a-darwin': '1.0.0' },
          },
          'node_modules/a-linux': { integrity: 'y' },
        },
      },
    },
    'package-lock.json',
    'lacks a-darwin, an optional dependency of node_modules/a',
  ],
  ['no lock file', { 'package-lock.json': undefined }, 'package-lock.json', 'is missing'],
]

describe('a planted fault is the one problem reported', () => {
  test.each(planted)('%s', (_, change, file, words) => {
    const problems = problemsOf(change)
    expect(problems.map(problem => [problem.file, problem.problem])).toEqual([[file, expect.any(String)]])
    const { problem, fix } = problems[0]!
    expect(`${problem}; ${fix}`).toContain(words)
    expect(fix.length).toBeGreaterThan(0)
  })
})

test('tfjs-core as a dependency is refused', () => {
  const core = { '@tensorflow/tfjs-core': '^4.22.0' }
  const [problem] = problemsOf(manifest('tensor', { dependencies: core, peerDependencies: core }))
  expect(problem).toMatchObject({ fix: 'move it to "peerDependencies"' })
})

test('a package outside the layer table is named', () => {
  const files = Object.entries(soundWorkspace()).flatMap(([path, content]) =>
    path.startsWith('packages/crf/') ? [[path.replace('/crf/', '/alien/'), content] as const] : [],
  )
  const alien = Object.fromEntries(files)
  const path = 'packages/alien/package.json'
  alien[path] = { ...(alien[path] as object), name: '@mafjs/alien' }
  expect(problemsOf(alien)).toContainEqual(
    expect.objectContaining({ file: path, fix: expect.stringContaining('tools/layers/layers.mjs') }),
  )
})

test('the command prints file, problem and fix, and exits 1', () => {
  const command = fileURLToPath(new URL('../check-layers.mjs', import.meta.url))
  const [bad, good] = [{ [align]: `${uses}import '@mafjs/crf'\n` }, {}].map(change =>
    withFolder({ ...soundWorkspace(), ...change }, root =>
      spawnSync(process.execPath, [command, root], { encoding: 'utf8' }),
    ),
  )
  expect(bad).toMatchObject({ status: 1, stdout: expect.stringContaining('1 problems') })
  expect(bad?.stderr).toMatch(/align-made\.ts:2 imports '@mafjs\/crf': siblings .*\n +fix: move /)
  expect(good).toMatchObject({ status: 0, stderr: '', stdout: expect.stringContaining('0 problems') })
})
