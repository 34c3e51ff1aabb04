import { cp, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type ProcessOptions, run } from '../processes'
import { firstBlock } from '../run-readme'
import { readPackages } from '../workspace/packages.mjs'
import type { Registry } from './registry'
import {
  BACKEND,
  cameWith,
  copyUsedBy,
  createStranger,
  EXAMPLE,
  installedReadme,
  runExample,
  trainStep,
} from './stranger'
import { typeCheck } from './type-check'

/** The version of every published package by its name. */
export type Versions = Record<string, string>

/** What a workflow tells of itself; a release writes it into the packages. */
const WORKFLOW = { GITHUB_SERVER_URL: 'https://localhost', GITHUB_REPOSITORY: 'rehearsal/repository' }

/** What a release does in a scratch copy; `env` is that in which npm uses the local registry. */
export interface ReleaseOptions {
  scratch: string
  /** In the scratch copy, with npm using the user's own registry. */
  own: ProcessOptions
  env: NodeJS.ProcessEnv
}

/**
 * Copies a repository as it stands, with what is not committed yet and without what git ignores, into a repository of its
 * own: what a release does to it never reaches the working tree.
 *
 * @param scratch a folder that does not exist
 */
export async function copyRepository(root: string, scratch: string, options: ProcessOptions): Promise<void> {
  const listed = async (...which: string[]): Promise<string[]> => {
    const { stdout } = await run('git', ['ls-files', '-z', ...which], { ...options, cwd: root, seconds: 60 })
    return stdout.split('\0').filter(Boolean)
  }
  const gone = new Set(await listed('--deleted'))
  for (const path of await listed('--cached', '--others', '--exclude-standard', '--deduplicate')) {
    if (gone.has(path)) continue
    await mkdir(dirname(join(scratch, path)), { recursive: true })
    await cp(join(root, path), join(scratch, path))
  }
  const own = { ...options, cwd: scratch }
  await run('git', ['init', '--quiet', '--initial-branch', 'main'], { ...own, seconds: 60 })
  await commit('The working tree', own)
}

/** Commits all that changed in a scratch copy, under a name that is nobody's. */
async function commit(message: string, own: ProcessOptions): Promise<void> {
  const nobody = { 'user.name': 'rehearsal', 'user.email': 'rehearsal@localhost', 'commit.gpgsign': 'false' }
  const settings = Object.entries(nobody).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  await run('git', ['add', '--all'], { ...own, seconds: 60 })
  const words = ['commit', '--quiet', '--no-verify', '--message', message]
  await run('git', [...settings, ...words], { ...own, seconds: 60 })
}

async function version(own: ProcessOptions): Promise<void> {
  await run('npm', ['run', 'version-packages'], { ...own, seconds: 300 })
  await commit('Version Packages', own)
}

const versions = (scratch: string): Versions =>
  Object.fromEntries(readPackages(scratch).map(({ name, manifest }) => [name, manifest.version]))

/**
 * What `.github/workflows/release.yml` does, with its own commands: versions and change logs, their commit, which must
 * install as it stands, build, checks, publication.
 *
 * @returns the versions that the packages now have
 */
export async function release({ scratch, own, env }: ReleaseOptions): Promise<Versions> {
  await run('npm', ['ci', '--prefer-offline'], { ...own, seconds: 900 })
  await version(own)
  await run('npm', ['ci', '--prefer-offline', '--dry-run'], { ...own, seconds: 300 })
  await run('npm', ['run', 'release'], { ...own, env: { ...env, ...WORKFLOW }, seconds: 2400 })
  return versions(scratch)
}

/** A second release upon {@link release}, of a minor of tensor and a patch of fuse, without the checks that the first passed. */
export async function releaseAgain({ scratch, own, env }: ReleaseOptions): Promise<Versions> {
  const changeset = "---\n'@mafjs/tensor': minor\n'@mafjs/fuse': patch\n---\n\nA second release.\n"
  await writeFile(join(scratch, '.changeset/rehearsal.md'), changeset)
  await version(own)
  await run('npm', ['run', 'build'], { ...own, seconds: 1200 })
  await run('npx', ['changeset', 'publish'], { ...own, env, seconds: 300 })
  return versions(scratch)
}

/**
 * Uses a module beside a version of tensor that was not published with it: installs both, runs and type-checks the README's
 * example, and trains a step.
 *
 * @returns what was found, in words
 * @throws Error where any of it fails.
 */
async function pair(
  folder: string,
  registry: Registry,
  signal: AbortSignal,
  { module, own, tensor }: { module: string; own: string; tensor: string },
): Promise<string> {
  const stranger = await createStranger(join(folder, `${module}-${own}`), registry, signal)
  const name = `@mafjs/${module}`
  await stranger.install(`${name}@${own}`, `@mafjs/tensor@${tensor}`, BACKEND)
  const { packages } = await cameWith(stranger.folder, registry.url)
  const at = (path: string) => packages.find(one => one.path === `node_modules/${path}`)?.version
  const found = [at(name), at('@mafjs/tensor')].join()
  if (found !== [own, tensor].join())
    throw new Error(`${name} and tensor were installed as ${found}, not ${own},${tensor}.`)
  const readme = await installedReadme(stranger.folder, name)
  await runExample(stranger, readme)
  const problems = typeCheck({ folder: stranger.folder, files: [EXAMPLE], node: false })
  if (problems.length > 0) throw new Error(`${firstBlock(readme)}\n${problems.join('\n')}`)
  await trainStep(stranger, module)
  const within = copyUsedBy(name, '@mafjs/tensor', packages)?.version ?? 'none'
  return `${module} ${own} beside tensor ${tensor} works (its own tensor: ${within})`
}

/**
 * Old modules with a new tensor, and a new module with an old one.
 *
 * @param before the versions of the first release
 * @param after those of the second
 */
export async function pairVersions(
  folder: string,
  registry: Registry,
  signal: AbortSignal,
  [before, after]: readonly [Versions, Versions],
): Promise<string[]> {
  const [old, fresh] = [before, after].map(versions => (name: string) => versions[`@mafjs/${name}`]!)
  if (old!('tensor') === fresh!('tensor') || old!('fuse') === fresh!('fuse'))
    throw new Error('The second release did not change the versions of tensor and fuse.')
  const pairs = [
    { module: 'match', own: old!('match'), tensor: fresh!('tensor') },
    { module: 'fuse', own: old!('fuse'), tensor: fresh!('tensor') },
    { module: 'fuse', own: fresh!('fuse'), tensor: old!('tensor') },
  ]
  const found: string[] = []
  for (const one of pairs) found.push(await pair(folder, registry, signal, one))
  return found
}
