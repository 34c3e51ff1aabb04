import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const require = createRequire(import.meta.url)

/** The `package.json` of an installed package, as this one would find it; nothing where it is not installed. */
export function findPackageJSON(name: string): string | undefined {
  // Not by resolving the file: a package need not export it.
  const folders = require.resolve.paths(name) ?? []
  return folders.map(folder => join(folder, name, 'package.json')).find(existsSync)
}
