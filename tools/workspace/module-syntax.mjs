// @ts-check
import ts from 'typescript'

/**
 * What a module says about other modules and about its own surface, with line numbers from 1.
 *
 * `isType`: nothing of it is left at run time.
 *
 * @typedef {{ specifier: string, line: number, isType: boolean }} Import
 * @typedef {{ imports: Import[], starExports: number[], defaultExports: number[], otherStatements: number[] }} ModuleSyntax
 */

/** Whether a declaration names types alone. @param {ts.ImportDeclaration | ts.ExportDeclaration} node */
function isErased(node) {
  if (ts.isExportDeclaration(node)) return node.isTypeOnly
  const { importClause } = node
  if (!importClause) return false
  const { namedBindings, name, isTypeOnly } = importClause
  if (isTypeOnly) return true
  if (name || !namedBindings || !ts.isNamedImports(namedBindings)) return false
  return namedBindings.elements.length > 0 && namedBindings.elements.every(element => element.isTypeOnly)
}

/**
 * Reads the imports (static, dynamic, type-only, `require`) and the shape of the exports from the syntax tree, so
 * that strings and comments which merely look like imports do not count.
 *
 * @param {string} fileName its suffix decides the syntax
 * @param {string} text
 * @returns {ModuleSyntax}
 */
export function moduleSyntax(fileName, text) {
  const source = ts.createSourceFile(fileName, text, ts.ScriptTarget.Latest, false)
  /** @param {ts.Node} node */
  const lineOf = node => source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1
  /** @type {ModuleSyntax} */
  const found = { imports: [], starExports: [], defaultExports: [], otherStatements: [] }

  /** @param {ts.Node | undefined} node @param {boolean} [isType] */
  const addImport = (node, isType = false) => {
    if (node && ts.isStringLiteralLike(node))
      found.imports.push({ specifier: node.text, line: lineOf(node), isType })
  }
  /** @param {ts.Node} node */
  const visit = node => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node))
      addImport(node.moduleSpecifier, isErased(node))
    else if (ts.isExternalModuleReference(node)) addImport(node.expression)
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
      addImport(node.argument.literal, true)
    else if (ts.isCallExpression(node)) {
      const dynamic = node.expression.kind === ts.SyntaxKind.ImportKeyword
      const required = ts.isIdentifier(node.expression) && node.expression.text === 'require'
      if (dynamic || required) addImport(node.arguments[0])
    }
    ts.forEachChild(node, visit)
  }
  visit(source)

  for (const statement of source.statements) {
    if (ts.isExportDeclaration(statement)) {
      const clause = statement.exportClause
      if (!clause || ts.isNamespaceExport(clause)) found.starExports.push(lineOf(statement))
      else if (clause.elements.some(element => element.name.text === 'default')) {
        found.defaultExports.push(lineOf(statement))
      }
      continue
    }
    found.otherStatements.push(lineOf(statement))
    const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : []
    const isDefault = modifiers.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword)
    if (ts.isExportAssignment(statement) || isDefault) found.defaultExports.push(lineOf(statement))
  }
  return found
}

/** The package a bare specifier names: `@a/b/c` -> `@a/b`. @param {string} specifier @returns {string} */
export const packageOf = specifier =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
