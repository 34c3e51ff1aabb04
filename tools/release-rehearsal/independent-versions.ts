import { join } from 'node:path'
import { trainingProgram } from '../packages/training-steps.mjs'
import { firstBlock } from '../run-readme'
import { cameWith, copyUsedBy } from './came-with'
import { EXAMPLE, installedReadme, runExample } from './readme-example'
import type { Registry } from './registry'
import type { Versions } from './release'
import { createStranger } from './stranger'
import { typeCheck } from './type-check'

/** A backend, for a stranger who trains. */
export const BACKEND = '@tensorflow/tfjs-backend-cpu'

/** One module beside a version of tensor that was not published with it. */
export interface Pairing {
  /** Its name without the scope. */
  module: string
  moduleVersion: string
  /** The version of tensor that the stranger uses. */
  tensorVersion: string
  /** The version of tensor that the module uses. */
  tensorWithin: string
}

/**
 * Installs a module beside another version of tensor, runs and type-checks its README's example, and trains a step.
 *
 * @throws Error where any of it fails.
 */
async function pair(
  folder: string,
  registry: Registry,
  signal: AbortSignal,
  { module, moduleVersion, tensorVersion }: Omit<Pairing, 'tensorWithin'>,
): Promise<Pairing> {
  const stranger = await createStranger(join(folder, `${module}-${moduleVersion}`), registry, signal)
  const name = `@mafjs/${module}`
  await stranger.install(`${name}@${moduleVersion}`, `@mafjs/tensor@${tensorVersion}`, BACKEND)
  const { packages } = await cameWith(stranger.folder, registry.url)
  const at = (path: string) => packages.find(one => one.path === `node_modules/${path}`)?.version
  const found = [at(name), at('@mafjs/tensor')].join()
  if (found !== [moduleVersion, tensorVersion].join()) {
    throw new Error(`${name} and tensor were installed as ${found}, not ${moduleVersion},${tensorVersion}.`)
  }
  const readme = await installedReadme(stranger.folder, name)
  await runExample(stranger, readme)
  const problems = typeCheck({ folder: stranger.folder, files: [EXAMPLE], node: false })
  if (problems.length > 0) throw new Error(`${firstBlock(readme)}\n${problems.join('\n')}`)
  await stranger.write('train.js', trainingProgram(module))
  await stranger.run(120, process.execPath, 'train.js')
  const tensorWithin = copyUsedBy(name, '@mafjs/tensor', packages)?.version ?? 'none'
  return { module, moduleVersion, tensorVersion, tensorWithin }
}

/**
 * Old modules with a new tensor, and a new module with an old one.
 *
 * @param before the versions of the first release
 * @param after those of the second, with a minor of tensor and a patch of fuse
 */
export async function pairVersions(
  folder: string,
  registry: Registry,
  signal: AbortSignal,
  [before, after]: readonly [Versions, Versions],
): Promise<Pairing[]> {
  const version = (versions: Versions, name: string): string => versions[`@mafjs/${name}`]!
  const [oldTensor, newTensor] = [version(before, 'tensor'), version(after, 'tensor')]
  if (oldTensor === newTensor || version(before, 'fuse') === version(after, 'fuse')) {
    throw new Error('The second release did not change the versions of tensor and fuse.')
  }
  return [
    await pair(folder, registry, signal, {
      module: 'match',
      moduleVersion: version(before, 'match'),
      tensorVersion: newTensor,
    }),
    await pair(folder, registry, signal, {
      module: 'fuse',
      moduleVersion: version(before, 'fuse'),
      tensorVersion: newTensor,
    }),
    await pair(folder, registry, signal, {
      module: 'fuse',
      moduleVersion: version(after, 'fuse'),
      tensorVersion: oldTensor,
    }),
  ]
}
