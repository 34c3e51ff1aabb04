import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const tools = fileURLToPath(new URL('..', import.meta.url))

const build = (...options: string[]) => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(tools, 'build-tfjs-node.mjs'), ...options],
    {
      encoding: 'utf8',
    },
  )
  return { status, stdout, stderr }
}

/** A project with files. */
function project(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'maf-tfjs-node-'))
  for (const [path, text] of Object.entries({ 'package.json': '{}', ...files })) {
    mkdirSync(join(folder, path, '..'), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}

test.each([
  [[], '@tensorflow/tfjs-node'],
  [['--gpu'], '@tensorflow/tfjs-node-gpu'],
])('%j: a package that is not installed is named with the command', (options, name) => {
  const folder = project({})
  const { status, stderr } = build('--project', folder, ...options)
  expect(status).toBe(1)
  expect(stderr).toBe(
    `${name} is not installed in ${folder}. Install it there first: npm install --ignore-scripts ${name}@4.22.0\n`,
  )
})

test('what fails leaves the package as it was', () => {
  const folder = project({
    'node_modules/@tensorflow/tfjs-node/package.json': '{ "version": "4.22.0" }',
    'node_modules/@tensorflow/tfjs-node/lib/napi-v8/tfjs_binding.node': 'an addon',
    'node_modules/@mapbox/node-pre-gyp/index.js':
      "exports.find = () => require('node:path').resolve(__dirname, '../../@tensorflow/tfjs-node/lib/napi-v8/tfjs_binding.node')",
    'a.whl': 'no wheel',
  })
  const { status, stderr } = build(
    '--project',
    folder,
    '--wheel',
    join(folder, 'a.whl'),
    '--python',
    'no-python',
  )
  expect(status).toBe(1)
  expect(stderr).toMatch(/^"no-python" could not be started .*a\.whl must be a wheel of TensorFlow/)
  const installed = join(folder, 'node_modules/@tensorflow/tfjs-node')
  expect(readdirSync(installed, { recursive: true }).sort()).toEqual([
    'lib',
    'lib/napi-v8',
    'lib/napi-v8/tfjs_binding.node',
    'package.json',
  ])
})

test('a wrong command line prints how it is used', () => {
  const { status, stderr } = build('--cpu')
  expect(status).toBe(2)
  expect(stderr).toMatch(/--cpu[\s\S]*--installed <folder>/)
})

test('the preload gives back what Node removed from util', () => {
  const program = `const util = process.getBuiltinModule?.('node:util') ?? require('node:util')
    console.log(util.isNullOrUndefined(null), util.isNullOrUndefined(0), util.isArray([]))`
  const preload = join(mkdtempSync(join(tmpdir(), 'maf-util-')), 'as-node-23.cjs')
  writeFileSync(preload, "delete require('node:util').isNullOrUndefined; delete require('node:util').isArray")
  const options = ['--require', preload, '--import', join(tools, 'tfjs-node/restore-util.mjs'), '-e', program]
  expect(spawnSync(process.execPath, options, { encoding: 'utf8' }).stdout).toBe('true false true\n')
})
