import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeModule } from '../new-module/make-module'
import { runTool } from '../new-module/write-or-undo'
import { run } from '../processes'
import { firstBlock, statedOutput } from '../run-readme'
import { linkInstalled } from '../workspace/link-installed'
import { filesBelow } from '../workspace/packages.mjs'
import { readTable } from './read-table'

const root = fileURLToPath(new URL('../..', import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'maf-new-module-'))
afterAll(() => rmSync(scratch, { recursive: true }))

const FILES = ['package.json', 'package-lock.json', 'biome.json', 'tsconfig.json', 'tsconfig.base.json']
const FOLDERS = ['packages', 'tools/layers', 'tools/packages', 'tools/workspace', '.changeset']
const BUILT = /\/(node_modules|dist|out-tsc|fixtures)(\/|$)/

/** A copy of the workspace as far as a module can see it, with the installed packages linked. */
beforeAll(() => {
  for (const path of [
    ...FILES,
    ...FOLDERS,
    'docs/packages.md',
    'LICENSE',
    '.gitignore',
    '.npmrc',
    'vitest.base.ts',
    'tsup.base.ts',
    'tools/check-layers.mjs',
  ]) {
    cpSync(join(root, path), join(scratch, path), {
      recursive: true,
      filter: source => !BUILT.test(source.slice(root.length - 1)),
    })
  }
  const config = JSON.parse(readFileSync(join(scratch, 'tsconfig.json'), 'utf8'))
  const references = config.references.filter(({ path }: { path: string }) => path.startsWith('./packages/'))
  writeFileSync(join(scratch, 'tsconfig.json'), JSON.stringify({ ...config, references }))
  linkInstalled(root, scratch)
})

const { signal } = new AbortController()
const inScratch = { cwd: scratch, env: process.env, signal, seconds: 60 }
const contents = (): Record<string, string> =>
  Object.fromEntries(
    ['packages', 'tools', '.changeset']
      .flatMap(folder => filesBelow(join(scratch, folder)).map(path => `${folder}/${path}`))
      .concat('docs/packages.md', 'package-lock.json', 'tsconfig.json')
      .map(path => [path, readFileSync(join(scratch, path), 'utf8')]),
  )

test.each([
  ['', 'must be kebab-case'],
  ['Pool', 'must be kebab-case'],
  ['pool_ing', 'must be kebab-case'],
  ['pool-', 'must be kebab-case'],
  ['node_modules', 'must be kebab-case'],
  ['../pool', 'must be kebab-case'],
  ['a'.repeat(208), 'must have at most 207 letters'],
  ['stream', 'must not be the name of a module of Node'],
  ['fuse', 'must not stand in the layers yet'],
  ['taken', 'must be free; packages/taken exists'],
  ['helpers', 'must say what the module does'],
  ['new', 'must not be a word of the language'],
  ['layer-norm', 'must not be a name that @mafjs/tensor exports (layerNorm)'],
  ['summary', 'must not be a name that the code of every module uses'],
])('the name %j is refused', async (name, rule) => {
  mkdirSync(join(scratch, 'packages/taken'), { recursive: true })
  const before = contents()
  await expect(makeModule({ root: scratch, name, signal })).rejects.toThrow(`NAME ${rule}`)
  expect(contents()).toEqual(before)
  rmSync(join(scratch, 'packages/taken'), { recursive: true })
})

test('where a step fails, all is as it was', async () => {
  const file = join(scratch, 'packages/pull/package.json')
  mkdirSync(join(scratch, 'packages/pull'))
  writeFileSync(file, '{')
  const before = contents()
  await expect(makeModule({ root: scratch, name: 'pool', signal })).rejects.toThrow(/npm install/)
  expect(contents()).toEqual(before)
  rmSync(join(scratch, 'packages/pull'), { recursive: true })
  expect(readdirSync(join(scratch, 'node_modules/@mafjs'))).not.toContain('pool')
})

describe('a module that was made', () => {
  const name = 'score-pool2'
  let before: Record<string, string>
  let paths: string[]
  beforeAll(async () => {
    before = contents()
    paths = await makeModule({ root: scratch, name, signal })
  })

  test('changed what it says, and nothing else', () => {
    const after = contents()
    const changed = Object.keys(after).filter(path => after[path] !== before[path])
    expect(paths).toEqual(changed.sort())
    expect(paths.filter(path => !path.startsWith(`packages/${name}/`))).toEqual([
      `.changeset/first-${name}.md`,
      'docs/packages.md',
      'package-lock.json',
      'tools/layers/layers.mjs',
      'tools/packages/training-steps.mjs',
      'tsconfig.json',
    ])
    expect(paths.join('\n') + Object.values(after).join('\n')).not.toMatch(/template-?name/i)
  })

  const tool = (...parameters: [string, ...string[]]) => runTool({ root: scratch, signal }, ...parameters)

  test('breaks no rule of the workspace, is formatted, and stands in the table', async () => {
    const { checkLayers } = await import(join(scratch, 'tools/check-layers.mjs'))
    expect(checkLayers(scratch).problems).toEqual([])
    await tool('biome', 'ci', `packages/${name}`, 'tools/layers', 'tools/packages')
    const row = readTable(readFileSync(join(scratch, 'docs/packages.md'), 'utf8')).get(`@mafjs/${name}`)
    expect(row).toEqual({ version: '0.0.0', dependencies: '`tensor`' })
  })

  test('has sound types', async () => {
    // From the sources of what it refers to, without building that first; the layers' check knows what it must refer to.
    const alone = { composite: false, declaration: false, emitDeclarationOnly: false, noEmit: true }
    const config = { extends: './tsconfig.json', compilerOptions: { ...alone, rootDir: '../..' } }
    const path = `packages/${name}/tsconfig.alone.json`
    writeFileSync(join(scratch, path), JSON.stringify(config))
    await tool('tsc', '-p', path)
    rmSync(join(scratch, path))
  })

  test('passes its own tests', async () => {
    const { stdout } = await tool('vitest', 'run', '--root', `packages/${name}`, '--reporter=json')
    expect(JSON.parse(stdout)).toMatchObject({ success: true, numPassedTests: 3 })
  })

  test('has a README whose example prints what it says, and trains', async () => {
    const readme = readFileSync(join(scratch, 'packages', name, 'README.md'), 'utf8')
    writeFileSync(join(scratch, 'example.ts'), firstBlock(readme))
    const steps = await import(join(scratch, 'tools/packages/training-steps.mjs'))
    writeFileSync(join(scratch, 'train.ts'), steps.trainingProgram(name))
    writeFileSync(join(scratch, 'both.ts'), "await import('./example')\nawait import('./train')\n")
    const fromSource = join(scratch, 'tools/workspace/from-source.mjs')
    const { stdout } = await run('node', ['--import', fromSource, 'both.ts'], inScratch)
    const stated = statedOutput(readme)!
    expect(stdout.slice(0, stated.length)).toBe(stated)
    const [from, to] = stdout.slice(stated.length).split(' to ').map(Number)
    expect(to).toBeLessThan(from!)
  })
})
