import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

/** The `package.json` of an installed package, as a module would find it, this one where none is named; nothing where it is not installed. */
export function findPackageJSON(name: string, from = import.meta.url): string | undefined {
  // Not by resolving the file: a package need not export it.
  const folders = createRequire(from).resolve.paths(name) ?? []
  return folders.map(folder => join(folder, name, 'package.json')).find(existsSync)
}
