// @ts-check
import { posix } from 'node:path'

const longest = 300

/** Names of files that say nothing. */
export const vague = ['utils', 'util', 'helpers', 'helper', 'common', 'misc']

/**
 * What a package's files break of the house style that the linter cannot see.
 *
 * @param {import('./import-problems.mjs').SourceFile[]} files
 * @returns {import('./layers.mjs').Problem[]}
 */
export function sourceProblems(files) {
  return files
    .filter(({ path }) => path.startsWith('src/'))
    .flatMap(({ path, file, text, syntax }) => {
      /** @type {import('./layers.mjs').Problem[]} */
      const problems = []
      for (const line of syntax.starExports) {
        problems.push({
          file: `${file}:${line}`,
          problem: 'exports *, which hides what is public',
          fix: 'list the exported names',
        })
      }
      for (const line of syntax.defaultExports) {
        problems.push({ file: `${file}:${line}`, problem: 'has a default export', fix: 'export it by name' })
      }
      const words = posix.parse(path).name.split('.')[0] ?? ''
      if (posix.basename(path) === 'index.ts' && syntax.otherStatements.length > 0) {
        problems.push({
          file: `${file}:${syntax.otherStatements[0]}`,
          problem: 'index.ts holds more than the list of exported names',
          fix: "move the code into a file of its own and write `export { name } from './that-file'`",
        })
      }
      if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(words)) {
        problems.push({
          file,
          problem: 'the file name is not kebab-case',
          fix: 'rename it after its main export',
        })
      }
      if (path.split('/').some(part => vague.includes(posix.parse(part).name))) {
        problems.push({
          file,
          problem: 'the name says nothing',
          fix: 'name it after the one concept it holds',
        })
      }
      const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
      if (lines > longest) {
        problems.push({
          file,
          problem: `has ${lines} lines, more than ${longest}`,
          fix: 'split it into files of one concept each',
        })
      }
      return problems
    })
}
