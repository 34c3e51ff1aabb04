import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readPackages } from '../workspace/packages.mjs'
import { type ProcessOptions, run } from './processes'
import { commit } from './scratch-copy'

/** The version of every published package by its name. */
export type Versions = Record<string, string>

/** What a workflow tells of itself; a release writes it into the packages. */
const WORKFLOW = { GITHUB_SERVER_URL: 'https://localhost', GITHUB_REPOSITORY: 'rehearsal/repository' }

/** What a release does in a scratch copy. */
export interface ReleaseOptions {
  scratch: string
  /** The environment in which npm uses the user's own registry. */
  outside: NodeJS.ProcessEnv
  /** The environment in which npm uses the local registry. */
  registry: NodeJS.ProcessEnv
  signal: AbortSignal
}

/**
 * What `.github/workflows/release.yml` does, with its own commands: versions and change logs, their commit, which must
 * install as it stands, build, checks, publication.
 *
 * @returns the versions that the packages now have
 */
export async function release({ scratch, outside, registry, signal }: ReleaseOptions): Promise<Versions> {
  const own: ProcessOptions = { cwd: scratch, env: outside, signal }
  await run('npm', ['ci', '--prefer-offline'], { ...own, seconds: 900 })
  await version(scratch, own)
  await run('npm', ['ci', '--prefer-offline', '--dry-run'], { ...own, seconds: 300 })
  await run('npm', ['run', 'release'], { ...own, env: { ...registry, ...WORKFLOW }, seconds: 2400 })
  return versions(scratch)
}

/** A second release upon {@link release}, without the checks that the first one passed. */
export async function releaseAgain({
  scratch,
  outside,
  registry,
  signal,
}: ReleaseOptions): Promise<Versions> {
  const own: ProcessOptions = { cwd: scratch, env: outside, signal }
  await version(scratch, own)
  await run('npm', ['run', 'build'], { ...own, seconds: 1200 })
  await run('npx', ['changeset', 'publish'], { ...own, env: registry, seconds: 300 })
  return versions(scratch)
}

async function version(scratch: string, own: ProcessOptions): Promise<void> {
  await run('npm', ['run', 'version-packages'], { ...own, seconds: 300 })
  await commit(scratch, 'Version Packages', own)
}

const versions = (scratch: string): Versions =>
  Object.fromEntries(readPackages(scratch).map(({ name, manifest }) => [name, manifest.version]))

/** Writes a changeset, as `npx changeset` does. @param bumps by name of the package */
export async function writeChangeset(
  scratch: string,
  bumps: Readonly<Record<string, 'minor' | 'patch'>>,
  summary: string,
): Promise<void> {
  const lines = Object.entries(bumps).map(([name, bump]) => `'${name}': ${bump}`)
  await writeFile(
    join(scratch, '.changeset/rehearsal.md'),
    ['---', ...lines, '---', '', summary, ''].join('\n'),
  )
}
