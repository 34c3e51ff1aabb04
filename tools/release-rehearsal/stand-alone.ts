import { join } from 'node:path'
import { haveBrowserSide, needNode, optionalExports } from '../layers/layers.mjs'
import { trainable } from '../packages/training-steps.mjs'
import { closure, type Manifest, type Package, scope } from '../workspace/packages.mjs'
import { type BrowserSize, bundleForBrowser } from './browser-bundle'
import type { Registry } from './registry'
import {
  BACKEND,
  cameWith,
  createStranger,
  EXAMPLE,
  installedReadme,
  runExample,
  type Stranger,
  statedInstall,
  trainStep,
} from './stranger'
import { surfaceProgram, typeCheck } from './type-check'

/** One package, installed alone by somebody who has nothing else of the workspace. */
export interface StandAlone {
  name: string
  version: string
  /** Bytes of the tarball. */
  tarball: number
  cameWith: Awaited<ReturnType<typeof cameWith>>
  /** How many names each specifier exports, imported and required alike. */
  exports: Record<string, number>
  /** Loss before and after, of a module that trains alone. */
  trained?: string
  /** Of a package that browsers run. */
  browser?: BrowserSize
}

/** What a package may be imported as: its name with each subpath, those that need another package with that one's name. */
export function specifiersOf({ name, exports = {} }: Manifest) {
  const others: Record<string, Record<string, string>> = optionalExports
  const needed = others[name.slice(scope.length)] ?? {}
  const subpaths = Object.keys(exports).filter(subpath => subpath !== './package.json')
  return {
    alone: subpaths.filter(subpath => !needed[subpath]).map(subpath => name + subpath.slice(1)),
    withOthers: subpaths.flatMap(subpath => {
      const needs = needed[subpath]
      return needs ? [{ specifier: name + subpath.slice(1), needs }] : []
    }),
  }
}

/**
 * Imports specifiers and requires them, and compares the names that come.
 *
 * @returns how many names each specifier exports
 * @throws Error where one exports nothing, or not the same names both ways.
 */
async function importBothWays(
  stranger: Stranger,
  specifiers: readonly string[],
): Promise<Record<string, number>> {
  const namesBy = async (file: string, module: string): Promise<Record<string, string[]>> => {
    const list = JSON.stringify(specifiers)
    const program = `const names = {}
for (const specifier of ${list}) names[specifier] = Object.keys(${module}).sort()
console.log(JSON.stringify(names))\n`
    await stranger.write(file, program)
    return JSON.parse((await stranger.run(60, process.execPath, file)).stdout)
  }
  const imported = await namesBy('import.mjs', 'await import(specifier)')
  const required = await namesBy('require.cjs', 'require(specifier)')
  for (const [specifier, names] of Object.entries(imported)) {
    if (names.length === 0) throw new Error(`${specifier} exports nothing.`)
    const others = required[specifier]!.filter(name => name !== 'module.exports' && name !== '__esModule')
    if (others.join() !== names.join())
      throw new Error(`import of ${specifier} gives ${names.length} names, require() ${others.length}.`)
  }
  return Object.fromEntries(Object.entries(imported).map(([specifier, { length }]) => [specifier, length]))
}

/** Bytes of a published tarball. */
async function tarballSize({ run }: Stranger, name: string, url: string): Promise<number> {
  const tarball = (await run(60, 'npm', 'view', name, 'dist.tarball')).stdout.trim()
  if (!tarball.startsWith(url))
    throw new Error(`${name} is published at ${tarball}, not in the local registry.`)
  return (await (await fetch(tarball)).arrayBuffer()).byteLength
}

/**
 * Installs a published package alone and uses it in every way that it promises: import and `require()`, types, a browser's
 * bundle; then installs what its README says, runs the README's example, and trains a step.
 *
 * @param folder of the stranger, which does not exist yet
 * @throws Error naming the first thing that does not work.
 */
export async function useAlone(
  one: Package,
  packages: readonly Package[],
  { folder, registry, signal }: { folder: string; registry: Registry; signal: AbortSignal },
): Promise<{ result: StandAlone; stranger: Stranger }> {
  const stranger = await createStranger(join(folder, one.short), registry, signal)
  await stranger.install(one.name)
  const came = await cameWith(stranger.folder, registry.url)
  // Exactly the packages of ours that it needs.
  const expected = closure(one, [...packages]).map(({ name }) => name)
  const own = came.packages.map(({ name }) => name).filter(name => name.startsWith(scope))
  if (own.sort().join() !== expected.sort().join())
    throw new Error(`with ${one.name} came [${own}], expected [${expected}]`)
  const { alone, withOthers } = specifiersOf(one.manifest)
  const node = needNode.includes(one.short)
  const checkTypes = (file: string): void => {
    const problems = typeCheck({ folder: stranger.folder, files: [file], node })
    if (problems.length > 0) throw new Error(`types of ${one.name}:\n${problems.join('\n')}`)
  }
  const useSpecifiers = async (specifiers: string[]): Promise<Record<string, number>> => {
    const names = await importBothWays(stranger, specifiers)
    await stranger.write('surface.ts', surfaceProgram(specifiers))
    checkTypes('surface.ts')
    return names
  }
  const exports = await useSpecifiers(alone)
  // Modules are small; what only has a side for browsers may be of any size.
  const limit = haveBrowserSide.includes(one.short) ? Number.POSITIVE_INFINITY : undefined
  const inBrowsers = !node || limit !== undefined
  const browser = inBrowsers ? await bundleForBrowser(stranger, one.name, limit) : undefined
  const result: StandAlone = {
    name: one.name,
    version: came.packages.find(({ name }) => name === one.name)!.version,
    tarball: await tarballSize(stranger, one.name, registry.url),
    cameWith: came,
    exports,
    browser,
  }
  const readme = await installedReadme(stranger.folder, one.name)
  await stranger.install(...statedInstall(readme))
  await runExample(stranger, readme)
  checkTypes(EXAMPLE)
  if (withOthers.length > 0) {
    await stranger.install(...withOthers.map(({ needs }) => needs))
    Object.assign(exports, await useSpecifiers(withOthers.map(({ specifier }) => specifier)))
  }
  if (!trainable.includes(one.short)) return { result, stranger }
  await stranger.install('@mafjs/tensor', BACKEND)
  return { result: { ...result, trained: await trainStep(stranger, one.short) }, stranger }
}
