import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { readPackages } from './packages.mjs'

/** Gives a copy of the workspace the packages that are installed here; those of the workspace are the copy's own. */
export function linkInstalled(root: string, copy: string): void {
  const modules = join(copy, 'node_modules')
  mkdirSync(join(modules, '@mafjs'), { recursive: true })
  for (const entry of readdirSync(join(root, 'node_modules'))) {
    // What vite keeps of its own it may write anew.
    if (entry === '@mafjs' || (entry.startsWith('.') && entry !== '.bin')) continue
    symlinkSync(join(root, 'node_modules', entry), join(modules, entry), 'junction')
  }
  for (const { name, path, directory } of readPackages(copy)) {
    symlinkSync(directory, join(modules, name), 'junction')
    const own = join(root, path, 'node_modules')
    if (existsSync(own)) symlinkSync(own, join(directory, 'node_modules'), 'junction')
  }
}
