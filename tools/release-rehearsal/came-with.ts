import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { filesBelow, scope } from '../workspace/packages.mjs'

/** What npm keeps of a folder's installed packages, as far as it is read here. */
export interface InstalledLock {
  packages: Record<string, { version?: string; resolved?: string }>
}

/** One installed package: where it lies, which version, and the bytes of its own files. */
export interface Installed {
  /** Its folder below the project, `node_modules/...`. */
  path: string
  name: string
  version: string
  resolved: string
}

/** The packages of an installation, those within others too. */
export function installedPackages({ packages }: InstalledLock): Installed[] {
  return Object.entries(packages).map(([path, { version = '', resolved = '' }]) => ({
    path,
    name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
    version,
    resolved,
  }))
}

/** What one `npm install` brought. */
export interface CameWith {
  packages: Installed[]
  /** Bytes of all files in `node_modules`. */
  bytes: number
}

/**
 * What is installed in a folder.
 *
 * @param registry the address that every package of ours must have come from
 * @throws Error naming one that did not.
 */
export async function cameWith(folder: string, registry: string): Promise<CameWith> {
  const modules = join(folder, 'node_modules')
  const packages = installedPackages(JSON.parse(await readFile(join(modules, '.package-lock.json'), 'utf8')))
  const foreign = packages.find(
    ({ name, resolved }) => name.startsWith(scope) && !resolved.startsWith(registry),
  )
  if (foreign) throw new Error(`${foreign.path} came from ${foreign.resolved}, not from the local registry.`)
  const sizes = await Promise.all(
    filesBelow(modules).map(async file => (await stat(join(modules, file))).size),
  )
  return { packages, bytes: sizes.reduce((sum, size) => sum + size, 0) }
}

/** Where a package's own file is resolved from, as `path version`: its own copy where it has one, else the shared one. */
export function copyUsedBy(
  user: string,
  needed: string,
  packages: readonly Installed[],
): Installed | undefined {
  const at = (path: string) => packages.find(one => one.path === path)
  return at(`node_modules/${user}/node_modules/${needed}`) ?? at(`node_modules/${needed}`)
}
