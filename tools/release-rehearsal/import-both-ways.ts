import { optionalExports } from '../layers/layers.mjs'
import { type Manifest, scope } from '../workspace/packages.mjs'
import type { Stranger } from './stranger'

/** What a package may be imported as: its name, and its name with a subpath. */
export interface Specifiers {
  /** Those that need nothing else. */
  alone: string[]
  /** Those that need another package, with its name. */
  withOthers: { specifier: string; needs: string }[]
}

/** What a package may be imported as. */
export function specifiersOf({ name, exports = {} }: Manifest): Specifiers {
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
export async function importBothWays(
  stranger: Stranger,
  names: readonly string[],
): Promise<Record<string, number>> {
  const specifiers = JSON.stringify(names)
  await stranger.write(
    'import.mjs',
    `const names = {}
for (const specifier of ${specifiers}) names[specifier] = Object.keys(await import(specifier)).sort()
console.log(JSON.stringify(names))\n`,
  )
  await stranger.write(
    'require.cjs',
    `const names = {}
for (const specifier of ${specifiers}) names[specifier] = Object.keys(require(specifier)).sort()
console.log(JSON.stringify(names))\n`,
  )
  const [imported, required] = [
    await stranger.run(60, process.execPath, 'import.mjs'),
    await stranger.run(60, process.execPath, 'require.cjs'),
  ].map(({ stdout }) => JSON.parse(stdout) as Record<string, string[]>) as [
    Record<string, string[]>,
    Record<string, string[]>,
  ]
  for (const [specifier, names] of Object.entries(imported)) {
    if (names.length === 0) throw new Error(`${specifier} exports nothing.`)
    const other = (required[specifier] ?? []).filter(
      name => name !== 'module.exports' && name !== '__esModule',
    )
    if (other.join() !== names.join()) {
      throw new Error(`import of ${specifier} gives ${names.length} names, require() ${other.length}.`)
    }
  }
  return Object.fromEntries(Object.entries(imported).map(([specifier, { length }]) => [specifier, length]))
}
