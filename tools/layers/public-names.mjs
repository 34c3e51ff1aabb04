// @ts-check
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { readPackages } from '../workspace/packages.mjs'

/** The names that a file exports, its own or listed ones. @param {string} file @returns {string[]} */
function namesOf(file) {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, false)
  return source.statements.flatMap(statement => {
    if (ts.isExportDeclaration(statement)) {
      const { exportClause } = statement
      return exportClause && ts.isNamedExports(exportClause)
        ? exportClause.elements.map(({ name }) => name.text)
        : []
    }
    const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : []
    if (!modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return []
    if (ts.isVariableStatement(statement)) {
      return statement.declarationList.declarations.flatMap(({ name }) =>
        ts.isIdentifier(name) ? [name.text] : [],
      )
    }
    const { name } = /** @type {ts.DeclarationStatement} */ (statement)
    return name && ts.isIdentifier(name) ? [name.text] : []
  })
}

/**
 * What every package of a workspace makes public, by the name that it is imported by.
 *
 * @param {string} root
 * @returns {Record<string, string[]>} the names, sorted
 */
export function publicNames(root) {
  /** @type {Record<string, string[]>} */
  const found = {}
  for (const { name, directory, manifest } of readPackages(root)) {
    for (const [subpath, target] of Object.entries(manifest.exports ?? {})) {
      const source = /** @type {Record<string, string> | string} */ (target)
      const file = typeof source === 'string' ? undefined : source['@mafjs/source']
      if (!file || !existsSync(join(directory, file))) continue
      found[`${name}${subpath.slice(1)}`] = namesOf(join(directory, file)).sort()
    }
  }
  return found
}

/** The names one a line, each after what it is imported from. @param {Record<string, string[]>} names @returns {string} */
export const asText = names =>
  Object.entries(names)
    .flatMap(([entry, list]) => list.map(name => `${entry} ${name}\n`))
    .join('')
