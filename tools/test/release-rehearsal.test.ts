import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { run } from '../processes'
import { bundleForBrowser } from '../release-rehearsal/browser-bundle'
import {
  dependenciesOf,
  formatTable,
  MARKERS,
  replaceTable,
  replaceVersions,
} from '../release-rehearsal/package-table'
import { clientConfig, parseNpmSettings, registryConfig } from '../release-rehearsal/registry'
import { specifiersOf } from '../release-rehearsal/stand-alone'
import { copyUsedBy, createStranger, installedPackages, statedInstall } from '../release-rehearsal/stranger'
import { typeCheck } from '../release-rehearsal/type-check'
import { readPackages } from '../workspace/packages.mjs'
import { readTable } from './read-table'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'maf-rehearsal-test-')))
afterAll(() => rmSync(folder, { recursive: true }))

/** Writes files below a folder of this test's own. */
const plant = (name: string, files: Record<string, string>): string => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name, path)), { recursive: true })
    writeFileSync(join(folder, name, path), text)
  }
  return join(folder, name)
}

describe('a process', () => {
  const options = { cwd: folder, env: process.env, signal: new AbortController().signal }
  const isAlive = (pid: number): boolean => {
    try {
      // What was ended may still stand in the table of processes until its parent has seen it.
      return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
    } catch {
      return false
    }
  }

  test('gives what it printed, or fails with it', async () => {
    expect((await run('sh', ['-c', 'echo fine'], { ...options, seconds: 10 })).stdout).toBe('fine\n')
    await expect(run('sh', ['-c', 'echo planted; exit 3'], { ...options, seconds: 10 })).rejects.toThrow(
      /exit code 3:\nplanted/,
    )
  })

  test.skipIf(process.platform !== 'linux').each([
    ['takes too long', 0.5, 60_000, 'did not end within 0.5 s'],
    ['is interrupted', 60, 500, 'planted'],
  ])('that %s is ended with what it started', async (_, seconds, interruption, message) => {
    const controller = new AbortController()
    const timer = setTimeout(() => controller.abort(new Error('planted')), interruption)
    const pids = join(folder, 'pid')
    const program = `sleep 60 & echo $! > ${pids}; wait`
    const running = run('sh', ['-c', program], { ...options, signal: controller.signal, seconds })
    await expect(running).rejects.toThrow(message)
    clearTimeout(timer)
    expect(isAlive(Number(readFileSync(pids, 'utf8')))).toBe(false)
  })
})

describe('the registry', () => {
  const printed =
    'registry=https://one.invalid/\ncafile=/ca.pem\nproxy=null\nhttps-proxy=http://proxy.invalid\nnoproxy=\n'

  test("takes everything but our packages from npm's own registry", () => {
    const settings = parseNpmSettings(printed)
    expect(settings).toEqual({
      registry: 'https://one.invalid/',
      cafile: '/ca.pem',
      httpsProxy: 'http://proxy.invalid',
    })
    const config = registryConfig('/storage', settings)
    expect(config.uplinks.npm.url).toBe('https://one.invalid/')
    expect(config.packages['@mafjs/*']).not.toHaveProperty('proxy')
    expect(config.packages['**'].proxy).toBe('npm')
    expect(config).toMatchObject({ https_proxy: 'http://proxy.invalid' })
    expect(() => parseNpmSettings('registry=undefined')).toThrow('names no registry')
  })

  test('is the only one that a stranger knows, with a token that is worth nothing elsewhere', () => {
    expect(clientConfig('http://127.0.0.1:1234/')).toContain(
      'registry=http://127.0.0.1:1234/\n//127.0.0.1:1234/:_authToken=',
    )
  })
})

test('what a README tells to install', () => {
  const markdown = '# A\n\n```sh\n# first\nnpm install --save-dev @mafjs/align a/b # and so on\n```\n'
  expect(statedInstall(markdown)).toEqual(['@mafjs/align', 'a/b'])
  expect(() => statedInstall('```sh\nnpm ci\n```\n')).toThrow('no line `npm install')
})

test('what a package exports alone, and with another package', () => {
  const exports = { '.': {}, './gradients': {}, './layers': {}, './package.json': './package.json' }
  expect(specifiersOf({ name: '@mafjs/tensor', version: '0.1.0', exports })).toEqual({
    alone: ['@mafjs/tensor', '@mafjs/tensor/gradients'],
    withOthers: [{ specifier: '@mafjs/tensor/layers', needs: '@tensorflow/tfjs-layers' }],
  })
})

test('which copy of a package is used', () => {
  const packages = installedPackages({
    packages: {
      'node_modules/@mafjs/fuse': { version: '0.1.0' },
      'node_modules/@mafjs/fuse/node_modules/@mafjs/tensor': { version: '0.1.0' },
      'node_modules/@mafjs/tensor': { version: '0.2.0' },
    },
  })
  expect(packages.map(({ name }) => name)).toEqual(['@mafjs/fuse', '@mafjs/tensor', '@mafjs/tensor'])
  expect(copyUsedBy('@mafjs/fuse', '@mafjs/tensor', packages)?.version).toBe('0.1.0')
  expect(copyUsedBy('@mafjs/align', '@mafjs/tensor', packages)?.version).toBe('0.2.0')
})

test('types: what is wrong in our declarations and in the file itself counts, not what is wrong in others', () => {
  const declared = (name: string, text: string): Record<string, string> => ({
    [`node_modules/${name}/package.json`]: JSON.stringify({ name, types: 'index.d.ts', main: 'index.js' }),
    [`node_modules/${name}/index.d.ts`]: text,
  })
  const stranger = plant('types', {
    'package.json': '{ "type": "module" }',
    'main.ts': "import { a } from '@mafjs/a'\nimport { b } from 'b'\nexport const sum: number = a + b\n",
    ...declared('@mafjs/a', "import { C } from 'missing'\nexport declare const a: C\n"),
    ...declared('b', 'export declare const b: Missing\n'),
  })
  const problems = typeCheck({ folder: stranger, files: ['main.ts'], node: false })
  expect(problems.map(problem => problem.split(' ', 2).join(' '))).toEqual([
    'nodenext node_modules/@mafjs/a/index.d.ts:1',
    'bundler node_modules/@mafjs/a/index.d.ts:1',
  ])
})

describe('in a browser', () => {
  const bundle = async (files: Record<string, string>) => {
    const name = `browser-${Object.keys(files).length}-${JSON.stringify(files).length}`
    const stranger = await createStranger(
      join(folder, name),
      { env: process.env },
      new AbortController().signal,
    )
    plant(name, files)
    return bundleForBrowser(stranger, '@mafjs/a')
  }
  const manifest = JSON.stringify({ name: '@mafjs/a', type: 'module', exports: './index.js' })
  const a = 'node_modules/@mafjs/a'

  test('the bundle of a package is measured with what it imports', async () => {
    const { own, withTfjs } = await bundle({
      [`${a}/package.json`]: manifest,
      [`${a}/index.js`]: "import { big } from '@tensorflow/b'\nexport const text = big + 'end'\n",
      'node_modules/@tensorflow/b/package.json': JSON.stringify({ name: '@tensorflow/b', main: 'index.js' }),
      'node_modules/@tensorflow/b/index.js': `exports.big = ${JSON.stringify(Array.from({ length: 99 }, (_, i) => i ** 9).join())}\n`,
    })
    expect(own).toBeLessThan(150)
    expect(withTfjs).toBeGreaterThan(own + 300)
  })

  test('a module of Node is refused, unless a manifest says that browsers do without', async () => {
    const importing = "import { inspect } from 'util'\nexport const a = inspect\n"
    await expect(bundle({ [`${a}/package.json`]: manifest, [`${a}/index.js`]: importing })).rejects.toThrow(
      /imports util, which browsers do not have/,
    )
    const saying = JSON.stringify({ ...JSON.parse(manifest), browser: { util: false } })
    const required = "import util from 'util'\nexport const a = util\n"
    const { own } = await bundle({ [`${a}/package.json`]: saying, [`${a}/index.js`]: required })
    expect(own).toBeGreaterThan(0)
  })

  test('ONNX Runtime, which is loaded when it is asked for, is left out, and the side for browsers taken', async () => {
    const two = {
      name: '@mafjs/a',
      type: 'module',
      exports: './index.js',
      imports: { '#platform': { browser: './browser.js', default: './node.js' } },
    }
    const { own, withTfjs } = await bundle({
      [`${a}/package.json`]: JSON.stringify(two),
      [`${a}/index.js`]: "export { load } from '#platform'\n",
      [`${a}/browser.js`]: "export const load = () => import('onnxruntime-web/webgpu')\n",
      [`${a}/node.js`]: "import { inspect } from 'node:util'\nexport const load = inspect\n",
    })
    expect(own).toBeGreaterThan(0)
    expect(withTfjs).toBe(own)
  })

  test('a package above the limit is refused', async () => {
    const numbers = JSON.stringify(Array.from({ length: 3000 }, (_, i) => (i * 7919) ** 3))
    await expect(
      bundle({ [`${a}/package.json`]: manifest, [`${a}/index.js`]: `export const a = ${numbers}\n` }),
    ).rejects.toThrow(/bytes of gzip in a browser, more than 6000/)
  })
})

describe("the packages' table", () => {
  const row = { name: '@mafjs/a', version: '0.1.0', dependencies: 'none', tarball: 1234 }
  const table = formatTable([{ ...row, installed: { packages: 3, bytes: 38_400_000 }, browser: 2345 }])
  const readme = replaceTable(`# A\n${MARKERS[0]}\nold\n${MARKERS[1]}\nend\n`, table)

  test('stands between its markers and is read again', () => {
    expect(readme).toContain(
      '| `@mafjs/a` | 0.1.0 | none | 1.2 kB | 3 packages, 38 MB | 2.3 kB |\n<!-- /packages',
    )
    expect(readme).not.toContain('old')
    expect([...readTable(readme)]).toEqual([['@mafjs/a', { version: '0.1.0', dependencies: 'none' }]])
    const later = readTable(replaceVersions(readme, { '@mafjs/a': '0.2.0' }))
    expect(later.get('@mafjs/a')?.version).toBe('0.2.0')
    expect(() => replaceTable('# A\n', table)).toThrow('There are no lines')
  })

  test('of docs/packages.md names every package, its dependencies, and no version older than its own', () => {
    const stated = readTable(readFileSync(join(root, 'docs/packages.md'), 'utf8'))
    const packages = readPackages(root)
    const fix = 'run `npm run release:rehearsal -- --write`'
    expect([...stated.keys()].sort(), fix).toEqual(packages.map(({ name }) => name).sort())
    for (const { name, manifest } of packages) {
      const { version, dependencies } = stated.get(name)!
      expect(dependencies, `${name}: ${fix}`).toBe(dependenciesOf(manifest))
      const newest = [version, manifest.version]
        .sort(new Intl.Collator('en', { numeric: true }).compare)
        .at(-1)
      expect(version, `${name}: ${fix}`).toBe(newest)
    }
  })
})
