import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { trainingProgram } from '../packages/training-steps.mjs'
import { type Output, run } from '../processes'
import { firstBlock, statedOutput } from '../run-readme'
import { filesBelow, scope } from '../workspace/packages.mjs'
import type { Registry } from './registry'
import { toJavaScript } from './type-check'

/** A clean folder outside the workspace, in which somebody uses the published packages. */
export interface Stranger {
  folder: string
  /** Writes a file there. */
  write(file: string, text: string): Promise<void>
  /** Installs packages there as `npm install` with these names, or `name@version`, does. */
  install(...names: string[]): Promise<void>
  /** Runs a command there, for at most so many seconds. */
  run(seconds: number, command: string, ...parameters: string[]): Promise<Output>
}

/** Makes a clean folder with a manifest that names nothing. */
export async function createStranger(
  folder: string,
  registry: Pick<Registry, 'env'>,
  signal: AbortSignal,
): Promise<Stranger> {
  await mkdir(folder, { recursive: true })
  const options = { cwd: folder, env: registry.env, signal }
  const write = (file: string, text: string) => writeFile(join(folder, file), text)
  await write('package.json', JSON.stringify({ private: true, type: 'module' }))
  return {
    folder,
    write,
    install: async (...names) => {
      await run('npm', ['install', '--prefer-offline', ...names], { ...options, seconds: 600 })
    },
    run: (seconds, command, ...parameters) => run(command, parameters, { ...options, seconds }),
  }
}

/** One installed package: its folder below the project (`node_modules/...`), its version, and where it came from. */
export interface Installed {
  path: string
  name: string
  version: string
  resolved: string
}

/** What npm keeps of a folder's installed packages, as far as it is read here. */
export interface InstalledLock {
  packages: Record<string, { version?: string; resolved?: string }>
}

/** The packages of an installation, those within others too. */
export const installedPackages = ({ packages }: InstalledLock): Installed[] =>
  Object.entries(packages).map(([path, { version = '', resolved = '' }]) => {
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
    return { path, name, version, resolved }
  })

/**
 * What is installed in a folder, and the bytes of all its files.
 *
 * @param registry the address that every package of ours must have come from
 * @throws Error naming one that did not.
 */
export async function cameWith(folder: string, registry: string) {
  const modules = join(folder, 'node_modules')
  const packages = installedPackages(JSON.parse(await readFile(join(modules, '.package-lock.json'), 'utf8')))
  const isForeign = ({ name, resolved }: Installed): boolean =>
    name.startsWith(scope) && !resolved.startsWith(registry)
  const foreign = packages.find(isForeign)
  if (foreign) throw new Error(`${foreign.path} came from ${foreign.resolved}, not from the local registry.`)
  const files = filesBelow(modules).map(file => stat(join(modules, file)))
  return { packages, bytes: (await Promise.all(files)).reduce((sum, { size }) => sum + size, 0) }
}

/** Where a package finds another one: its own copy where it has one, else the shared one. */
export function copyUsedBy(
  user: string,
  needed: string,
  packages: readonly Installed[],
): Installed | undefined {
  const at = (path: string) => packages.find(one => one.path === path)
  return at(`node_modules/${user}/node_modules/${needed}`) ?? at(`node_modules/${needed}`)
}

/** The README that came with an installed package. */
export const installedReadme = (folder: string, name: string): Promise<string> =>
  readFile(join(folder, 'node_modules', name, 'README.md'), 'utf8')

/**
 * What a README tells to install, from the first `npm install` of its first `sh` block.
 *
 * @throws Error where it tells nothing.
 */
export function statedInstall(markdown: string): string[] {
  const line = /^npm (?:install|i) ([^#\n]*)/m.exec(firstBlock(markdown, 'sh'))?.[1]
  if (line === undefined) throw new Error('the first ```sh block has no line `npm install ...`.')
  return line.split(/\s+/).filter(word => word && !word.startsWith('-'))
}

/** The file of the example that {@link runExample} writes. */
export const EXAMPLE = 'example.ts'

/**
 * Runs the example of an installed README, as a file of the stranger's own.
 *
 * @throws Error where it fails or prints something else than the README says.
 */
export async function runExample(stranger: Stranger, markdown: string): Promise<void> {
  await stranger.write(EXAMPLE, firstBlock(markdown))
  await stranger.write('example.js', toJavaScript(join(stranger.folder, EXAMPLE)))
  const { stdout } = await stranger.run(120, process.execPath, 'example.js')
  const stated = statedOutput(markdown)
  if (stated !== stdout)
    throw new Error(`the README's example prints\n${stdout}but the README says\n${stated}`)
}

/** A backend, for a stranger who trains. */
export const BACKEND = '@tensorflow/tfjs-backend-cpu'

/** Trains a package's module for a few steps. @returns the loss before and after */
export async function trainStep(stranger: Stranger, short: string): Promise<string> {
  await stranger.write('train.js', trainingProgram(short))
  const { stdout } = await stranger.run(120, process.execPath, 'train.js')
  return stdout.trim().split('\n').at(-1)!
}
