// @ts-check
// node tools/check-duplicates.mjs [root]: do 12 equal lines stand in two places? Import lists and blank lines do not count.
// jscpd, tried at 5.3.2, follows one match at a time, and so passes over a repetition that begins like a third place.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkedRoot, filesBelow } from './workspace/packages.mjs'

/** So many equal lines in two places are one thing that was written twice. */
export const REPEATED = 12

/** Statements of TypeScript and Python that name other modules, whatever lines they have. */
const IMPORTS = [
  /^(import|export) (type )?([\w*{][^'"();=]*? from )?'[^']*'$/gm,
  /^(from \S+ )?import [^()'"=]*?$/gm,
]

/** The lines of a text that count, with their numbers from 1. @param {string} text */
function linesOf(text) {
  const blank = (/** @type {string} */ found) => found.replaceAll(/[^\n]/g, '')
  const code = IMPORTS.reduce((rest, pattern) => rest.replaceAll(pattern, blank), text)
  return code.split('\n').flatMap((line, i) => (line.trim() ? [{ line: line.trim(), number: i + 1 }] : []))
}

/**
 * What stands in two places of some texts.
 *
 * @param {Readonly<Record<string, string>>} texts by path
 * @returns {{ places: string, lines: number }[]} places that go on count once
 */
export function duplicates(texts) {
  /** @type {Map<string, { path: string, index: number, number: number }[]>} */
  const windows = new Map()
  for (const [path, text] of Object.entries(texts)) {
    const lines = linesOf(text)
    for (let index = 0; index + REPEATED <= lines.length; index++) {
      const slice = lines.slice(index, index + REPEATED)
      const key = slice.map(({ line }) => line).join('\n')
      windows.set(key, [...(windows.get(key) ?? []), { path, index, number: slice[0]?.number ?? 0 }])
    }
  }
  /** @type {Map<string, { places: string, lines: number }>} */
  const runs = new Map()
  for (const places of windows.values()) {
    for (const [i, a] of places.entries()) {
      for (const b of places.slice(i + 1)) {
        const before = runs.get(`${a.path} ${a.index - 1} ${b.path} ${b.index - 1}`)
        const run = before ?? {
          places: `${a.path}:${a.number} and ${b.path}:${b.number}`,
          lines: REPEATED - 1,
        }
        run.lines += 1
        runs.set(`${a.path} ${a.index} ${b.path} ${b.index}`, run)
      }
    }
  }
  return [...new Set(runs.values())]
}

const root = checkedRoot(import.meta)
if (root !== undefined) {
  const sources = ['packages', 'tools', 'benchmarks', 'examples']
    .flatMap(folder => filesBelow(join(root, folder)).map(path => `${folder}/${path}`))
    .filter(path => /\.(ts|mjs|py)$/.test(path) && !/\/(node_modules|dist|out-tsc|fixtures)\//.test(path))
  const found = duplicates(
    Object.fromEntries(sources.map(path => [path, readFileSync(join(root, path), 'utf8')])),
  )
  for (const { places, lines } of found)
    console.error(`${lines} equal lines stand at ${places}\n    fix: write them once`)
  console.log(`duplicates: ${sources.length} files, ${found.length} problems`)
  process.exitCode = found.length > 0 ? 1 : 0
}
