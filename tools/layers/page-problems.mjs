// @ts-check
import { builtinModules } from 'node:module'
import { posix } from 'node:path'
import { pageFiles } from './layers.mjs'

/** @typedef {import('./import-problems.mjs').SourceFile} SourceFile */

const isOfNode = (/** @type {string} */ specifier) =>
  specifier.startsWith('node:') ||
  builtinModules.includes(specifier) ||
  ['sharp', '@mafjs/tensor/files'].includes(specifier)

/**
 * What a page needs and cannot have: imports of Node in the files that are listed for a page, or in what they import of their own
 * package. Types are gone at run time.
 *
 * @param {import('../workspace/packages.mjs').Package} one
 * @param {SourceFile[]} files
 * @returns {import('./layers.mjs').Problem[]}
 */
export function pageProblems({ short }, files) {
  /** @type {Record<string, string[]>} */
  const listed = pageFiles
  const wanted = listed[short] ?? []
  const byPath = new Map(files.map(file => [file.path, file]))
  /** Who led to a file. @type {Map<SourceFile, SourceFile | undefined>} */
  const reached = new Map()
  const open = files.filter(file => wanted.some(start => file.path.startsWith(start)))
  for (const file of open) reached.set(file, undefined)
  /** @type {import('./layers.mjs').Problem[]} */
  const problems = []
  for (let file = open.pop(); file; file = open.pop()) {
    for (const { specifier, line, isType } of file.syntax.imports) {
      if (isType) continue
      if (isOfNode(specifier)) {
        const chain = [file.path]
        for (let by = reached.get(file); by; by = reached.get(by)) chain.push(by.path)
        problems.push({
          file: `${file.file}:${line}`,
          problem: `imports '${specifier}', and a page needs ${chain.at(-1)} (${chain.reverse().join(' > ')})`,
          fix: 'hand in what needs Node, or move it to a file that a page does not need',
        })
      }
      if (!specifier.startsWith('.')) continue
      const target = posix.join(posix.dirname(file.path), specifier)
      const next = byPath.get(`${target}.ts`) ?? byPath.get(`${target}/index.ts`)
      if (!next || reached.has(next)) continue
      reached.set(next, file)
      open.push(next)
    }
  }
  return problems
}
