// @ts-check
// node tools/check-keys.mjs [root]: is a text that may not be our own the key of a plain object? A post's type `constructor` would find
// what every object inherits, and `__proto__` would write into all of them. Reads records that come whole by names of ours.
import { join, relative } from 'node:path'
import ts from 'typescript'
import { checkedRoot, filesBelow } from './workspace/packages.mjs'

/** The settings of the workspace that types depend on. */
const SETTINGS = {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  noUncheckedIndexedAccess: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  customConditions: ['@mafjs/source'],
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
  types: ['node'],
}

/** An expression without casts and brackets, which say nothing of what it is. @param {ts.Expression} expression @returns {ts.Expression} */
const bare = expression =>
  ts.isAsExpression(expression) ||
  ts.isNonNullExpression(expression) ||
  ts.isParenthesizedExpression(expression) ||
  ts.isSatisfiesExpression(expression)
    ? bare(expression.expression)
    : expression

const ANY_TEXT = ts.TypeFlags.String | ts.TypeFlags.TemplateLiteral | ts.TypeFlags.Any | ts.TypeFlags.Unknown

/** Whether a value may be any text: neither a number nor one of some names. @param {ts.Type} type @returns {boolean} */
const mayBeAnyText = type => (type.isUnion() ? type.types.some(mayBeAnyText) : Boolean(type.flags & ANY_TEXT))

/** Whether an expression changes what it stands on the left of. @param {ts.Node} node */
const isWritten = node => {
  const { parent } = node
  if (ts.isPostfixUnaryExpression(parent)) return true
  if (ts.isPrefixUnaryExpression(parent)) {
    return [ts.SyntaxKind.PlusPlusToken, ts.SyntaxKind.MinusMinusToken].includes(parent.operator)
  }
  if (!ts.isBinaryExpression(parent) || parent.left !== node) return false
  const { kind } = parent.operatorToken
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment
}

/** What a name was first given. @param {ts.Expression} expression @param {ts.TypeChecker} checker */
const firstValue = (expression, checker) => {
  if (!ts.isIdentifier(expression)) return expression
  const symbol = checker.getSymbolAtLocation(expression)
  const origin = symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
  const declaration = origin?.valueDeclaration
  return declaration && ts.isVariableDeclaration(declaration) && declaration.initializer
    ? bare(declaration.initializer)
    : undefined
}

/** Whether `Object.hasOwn(object, key)` was asked in the function around. @param {ts.Node} node @param {string} object @param {string} key */
const isAsked = (node, object, key) => {
  for (let around = node.parent; around; around = around.parent) {
    if (!ts.isFunctionLike(around)) continue
    if (around.getText().includes(`Object.hasOwn(${object}, ${key})`)) return true
  }
  return false
}

/**
 * Why an expression takes a text for the key of a plain object, if it does.
 *
 * @param {ts.Node} node
 * @param {ts.TypeChecker} checker
 * @returns {string | undefined}
 */
function problemOf(node, checker) {
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.InKeyword) {
    const isText = mayBeAnyText(checker.getTypeAtLocation(bare(node.left)))
    return isText ? 'finds what every object inherits too' : undefined
  }
  if (!ts.isElementAccessExpression(node)) return undefined
  const key = bare(node.argumentExpression)
  if (!mayBeAnyText(checker.getTypeAtLocation(key))) return undefined
  const object = bare(node.expression)
  const first = firstValue(object, checker)
  if (/^Object\.(assign\(Object\.)?create\(null\)/.test(first?.getText() ?? '')) return undefined
  if (isWritten(node)) return 'writes by a name that may be __proto__'
  const isTable = first !== undefined && ts.isObjectLiteralExpression(first) && first.properties.length > 0
  if (!isTable || isAsked(node, object.getText(), key.getText())) return undefined
  return 'looks a name up that may be constructor'
}

/**
 * The places in some files that take a text for the key of a plain object.
 *
 * @param {readonly string[]} files
 * @returns {{ file: string, line: number, text: string, problem: string }[]}
 */
export function textKeys(files) {
  const program = ts.createProgram([...files], SETTINGS)
  const checker = program.getTypeChecker()
  return files.flatMap(file => {
    const source = program.getSourceFile(file)
    if (!source) throw new Error(`${file} cannot be read`)
    /** @type {ReturnType<typeof textKeys>} */
    const found = []
    const visit = (/** @type {ts.Node} */ node) => {
      const problem = problemOf(node, checker)
      const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1
      if (problem) found.push({ file, line, text: node.getText(source), problem })
      ts.forEachChild(node, visit)
    }
    visit(source)
    return found
  })
}

const root = checkedRoot(import.meta)
if (root !== undefined) {
  const files = filesBelow(join(root, 'packages'))
    .filter(path => /^[^/]+\/src\/.*\.ts$/.test(path))
    .map(path => join(root, 'packages', path))
  const found = textKeys(files)
  for (const { file, line, text, problem } of found) {
    console.error(`${relative(root, file)}:${line} ${text} ${problem}`)
  }
  if (found.length > 0) {
    console.error(
      '    fix: a Map, Object.fromEntries of its entries, Object.create(null), or Object.hasOwn(object, key) before it is read',
    )
  }
  console.log(`keys: ${files.length} files, ${found.length} problems`)
  process.exitCode = found.length > 0 ? 1 : 0
}
