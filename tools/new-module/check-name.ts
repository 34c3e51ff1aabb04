import { existsSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { join } from 'node:path'
import * as tensor from '@mafjs/tensor'
import ts from 'typescript'
import { layers } from '../layers/layers.mjs'
import { vague } from '../layers/source-problems.mjs'
import { scope } from '../workspace/packages.mjs'
import { camelCase, templateSource, templateSources } from './template-files'

/** npm's longest name of a package, with its scope. */
const LONGEST = 214

/** Every word that the template's own code uses as a name. */
function wordsOfTemplate(): Set<string> {
  const words = new Set<string>()
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) words.add(node.text)
    ts.forEachChild(node, visit)
  }
  for (const path of templateSources()) {
    visit(ts.createSourceFile(path, templateSource(path), ts.ScriptTarget.Latest))
  }
  words.delete('templateName')
  return words
}

/** Whether JavaScript or TypeScript gives a word a meaning of its own. */
function isKeyword(word: string): boolean {
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, true, ts.LanguageVariant.Standard, word)
  return scanner.scan() !== ts.SyntaxKind.Identifier || ['arguments', 'eval'].includes(word)
}

/**
 * Checks the name of a module that is to be made: its folder, its package and its function are named after it.
 *
 * @throws Error that names the rule which it breaks.
 */
export function assertModuleName(root: string, name: string): void {
  const word = camelCase(name)
  const rules: [broken: boolean, rule: string][] = [
    [
      !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name),
      'must be kebab-case: small letters, digits, single hyphens',
    ],
    [
      scope.length + name.length > LONGEST,
      `must have at most ${LONGEST - scope.length} letters, npm's limit`,
    ],
    [builtinModules.includes(name), 'must not be the name of a module of Node, which npm reserves'],
    [layers.flat().includes(name), 'must not stand in the layers yet (tools/layers/layers.mjs)'],
    [existsSync(join(root, 'packages', name)), `must be free; packages/${name} exists`],
    [vague.includes(name) || name === 'index', 'must say what the module does'],
    [isKeyword(word), `must not be a word of the language; its function is to be called ${word}`],
    [word in tensor, `must not be a name that @mafjs/tensor exports (${word})`],
    [wordsOfTemplate().has(word), `must not be a name that the code of every module uses (${word})`],
  ]
  const broken = rules.find(([isBroken]) => isBroken)
  if (broken) throw new Error(`NAME ${broken[1]}. Received: ${name === '' ? 'nothing' : name}.`)
}
