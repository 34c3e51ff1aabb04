// @ts-check
// npm run pack:alone: installs every package's tarball alone in a clean project, imports it there as ESM, and trains it
// there where it holds parameters.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pack } from './packages/pack.mjs'
import { trainable, trainingProgram } from './packages/training-steps.mjs'
import { closure, readManifest, readPackages, scope } from './workspace/packages.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const rootManifest = readManifest(join(root, 'package.json'))
const backend = '@tensorflow/tfjs-backend-cpu'

/** @param {string} command @param {string[]} options @param {string} cwd @returns {string} */
const run = (command, options, cwd) =>
  execFileSync(command, options, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

/** @param {unknown} error @returns {string} */
const reasonOf = error => {
  const { stderr, message } = /** @type {Error & { stderr?: string }} */ (error)
  return (stderr || message).trim()
}

/**
 * Installs one tarball in a clean project. Its @mafjs dependencies come from tarballs too, through `overrides`, so
 * that no @mafjs name is ever asked of a registry.
 *
 * @param {import('./workspace/packages.mjs').Package} one
 * @param {import('./workspace/packages.mjs').Package[]} packages
 * @param {Map<string, string>} tarballs by package name
 * @param {string} project an empty folder
 * @returns {string} one line of what came
 */
function installAlone(one, packages, tarballs, project) {
  const needed = closure(one, packages)
  const trains = trainable.includes(one.short)
  const fileOf = (/** @type {string} */ name) => `file:${tarballs.get(name)}`
  const overrides = Object.fromEntries(
    needed.filter(({ name }) => name !== one.name).map(({ name }) => [name, fileOf(name)]),
  )
  const manifest = {
    private: true,
    type: 'module',
    dependencies: {
      [one.name]: fileOf(one.name),
      ...(trains && { [backend]: rootManifest.devDependencies?.[backend] }),
    },
    overrides,
  }
  writeFileSync(join(project, 'package.json'), JSON.stringify(manifest, null, 2))
  run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund'], project)

  const came = readdirSync(join(project, 'node_modules', scope))
  const expected = needed.map(({ path }) => basename(path)).sort()
  if (came.sort().join() !== expected.join()) {
    throw new Error(`the @mafjs packages installed are [${came}], expected [${expected}]`)
  }
  const { packages: installed } = JSON.parse(
    readFileSync(join(project, 'node_modules/.package-lock.json'), 'utf8'),
  )
  for (const name of needed.map(({ name }) => name)) {
    const { resolved } = installed[`node_modules/${name}`] ?? {}
    if (!resolved?.startsWith('file:'))
      throw new Error(`${name} did not come from its tarball but from ${resolved}`)
  }
  const subpaths = Object.keys(one.manifest.exports ?? {}).filter(subpath => subpath !== './package.json')
  const specifiers = subpaths.map(subpath => one.name + subpath.slice(1))
  writeFileSync(
    join(project, 'main.js'),
    `const count = async specifier => Object.keys(await import(specifier)).length
const counts = []
for (const specifier of ${JSON.stringify(specifiers)}) counts.push([specifier, await count(specifier)])
console.log(JSON.stringify(counts))\n`,
  )
  /** @type {[string, number][]} */
  const counts = JSON.parse(run(process.execPath, ['main.js'], project))
  const empty = counts.filter(([, count]) => count === 0).map(([specifier]) => specifier)
  if (empty.length > 0) throw new Error(`${empty.join(', ')} exports no name`)
  if (trains) writeFileSync(join(project, 'train.js'), trainingProgram(one.short))
  const trained = trains ? run(process.execPath, ['train.js'], project).trim().split('\n').at(-1) : undefined
  const commands = Object.keys(one.manifest.bin ?? {})
  for (const command of commands) run(join(project, 'node_modules/.bin', command), ['--help'], project)

  const names = counts.map(([specifier, count]) => `${specifier.slice(one.name.length) || 'main'} ${count}`)
  return [
    `exported names: ${names.join(', ')}`,
    `with it: ${came.filter(name => name !== one.short).join(', ') || 'no @mafjs package'}`,
    ...(trained ? [`trains: loss ${trained}`] : []),
    ...commands.map(command => `${command} --help runs`),
  ].join('; ')
}

const packages = readPackages(root)
const folder = mkdtempSync(join(tmpdir(), 'maf-alone-'))
let failed = 0
try {
  const packed = packages.map(one => ({ one, ...pack(one, folder) }))
  const tarballs = new Map(packed.map(({ one, tarball }) => [one.name, tarball]))
  for (const { one, size } of packed) {
    const project = join(folder, one.short)
    mkdirSync(project)
    const head = `${one.name} ${one.manifest.version}, ${(size / 1024).toFixed(1)} kB`
    try {
      console.log(`${head}; ${installAlone(one, packages, tarballs, project)}`)
    } catch (error) {
      failed++
      console.log(`${head}: FAILED\n    ${reasonOf(error).replaceAll('\n', '\n    ')}`)
    }
  }
  console.log(`alone: ${packages.length - failed} packages work, ${failed} do not`)
} catch (error) {
  failed++
  console.error(reasonOf(error))
} finally {
  rmSync(folder, { recursive: true })
}
process.exitCode = failed > 0 ? 1 : 0
