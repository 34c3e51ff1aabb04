import { join } from 'node:path'
import { haveBrowserSide, needNode } from '../layers/layers.mjs'
import { trainable, trainingProgram } from '../packages/training-steps.mjs'
import { closure, type Package, scope } from '../workspace/packages.mjs'
import { type BrowserSize, bundleForBrowser } from './browser-bundle'
import { type CameWith, cameWith } from './came-with'
import { importBothWays, specifiersOf } from './import-both-ways'
import { BACKEND } from './independent-versions'
import { EXAMPLE, installedReadme, runExample, statedInstall } from './readme-example'
import type { Registry } from './registry'
import { createStranger, type Stranger } from './stranger'
import { surfaceProgram, typeCheck } from './type-check'

/** One package, installed alone by somebody who has nothing else of the workspace. */
export interface StandAlone {
  name: string
  version: string
  /** Bytes of the tarball. */
  tarball: number
  cameWith: CameWith
  /** How many names each specifier exports, imported and required alike. */
  exports: Record<string, number>
  /** Loss before and after, of a module that trains alone. */
  trained?: string
  /** Of a package that browsers run. */
  browser?: BrowserSize
}

/** Bytes of a published tarball. */
async function tarballSize({ run }: Stranger, name: string, url: string): Promise<number> {
  const { stdout } = await run(60, 'npm', 'view', name, 'dist.tarball')
  const tarball = stdout.trim()
  if (!tarball.startsWith(url))
    throw new Error(`${name} is published at ${tarball}, not in the local registry.`)
  return (await (await fetch(tarball)).arrayBuffer()).byteLength
}

/** Fails unless exactly the packages of ours came that a package needs. */
function assertOwn(one: Package, packages: readonly Package[], { packages: came }: CameWith): void {
  const expected = closure(one, [...packages]).map(({ name }) => name)
  const own = came.map(({ name }) => name).filter(name => name.startsWith(scope))
  if (own.sort().join() !== expected.sort().join()) {
    throw new Error(`with ${one.name} came [${own}], expected [${expected}]`)
  }
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
  assertOwn(one, packages, came)
  const { alone, withOthers } = specifiersOf(one.manifest)
  const exports = await importBothWays(stranger, alone)
  const node = needNode.includes(one.short)
  await stranger.write('surface.ts', surfaceProgram(alone))
  const checkTypes = (...files: string[]): void => {
    const problems = typeCheck({ folder: stranger.folder, files, node })
    if (problems.length > 0) throw new Error(`types of ${one.name}:\n${problems.join('\n')}`)
  }
  checkTypes('surface.ts')
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
    ...(browser && { browser }),
  }
  const readme = await installedReadme(stranger.folder, one.name)
  await stranger.install(...statedInstall(readme))
  await runExample(stranger, readme)
  checkTypes(EXAMPLE)
  if (withOthers.length > 0) {
    await stranger.install(...withOthers.map(({ needs }) => needs))
    const specifiers = withOthers.map(({ specifier }) => specifier)
    Object.assign(exports, await importBothWays(stranger, specifiers))
    await stranger.write('surface.ts', surfaceProgram(specifiers))
    checkTypes('surface.ts')
  }
  if (!trainable.includes(one.short)) return { result, stranger }
  await stranger.install('@mafjs/tensor', BACKEND)
  await stranger.write('train.js', trainingProgram(one.short))
  const { stdout } = await stranger.run(120, process.execPath, 'train.js')
  return { result: { ...result, trained: stdout.trim().split('\n').at(-1)! }, stranger }
}
