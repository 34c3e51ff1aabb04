import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { expect, test } from 'vitest'
import { filesBelow } from '../workspace/packages.mjs'

/** Flags of other programs that libraries call, or tell people to call. */
const ALLOWED = new Set([
  ...['--import', '--ignore-scripts', '--project'], // node, npm, tools/build-tfjs-node.mjs
  '--explain', // of an explanation's note, which is read on a page, where nobody makes flags of options
  ...['--porcelain', '--untracked-files', '--query-gpu', '--format'], // git, nvidia-smi
])

/** A flag; properties of style sheets look like one, but are declared by a colon or asked for by `var`. */
const FLAG = /(?<![\w-]|var\()--[a-z][a-z-]*(?![\w-]|\s*:)/g

/** Scripts in one piece, in which `--` counts down. */
const MADE = ['explain/src/page/carried.ts', 'serve/src/playground/carried.ts']

/** The flags in a program's texts; comments say nothing to users. */
function flagsIn(file: string, content: string): string[] {
  const flags: string[] = []
  const visit = (node: ts.Node): void => {
    const isText =
      ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)
    if (isText) flags.push(...[...node.text.matchAll(FLAG)].map(([flag]) => flag))
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(file, content, ts.ScriptTarget.Latest))
  return flags
}

test('flags are found in every kind of text', () => {
  const template = `\`x --force \${c} --fix \${d} or --data\``
  const program = `a('--out'); b(${template}) // --json\nf('models--owner', '--', '--x-' + y, ---z, 'a { --ink: #123; color: var(--ink) }')`
  expect(flagsIn('planted.ts', program)).toEqual(['--out', '--force', '--fix', '--data', '--x-'])
})

test('libraries name options, `overwrite: true`; the command line alone has flags, and makes them of those', () => {
  const root = fileURLToPath(new URL('../../packages', import.meta.url))
  const sources = readdirSync(root)
    .filter(name => name !== 'cli')
    .map(name => join(root, name, 'src'))
  const files = sources.flatMap(source => filesBelow(source).map(name => join(source, name)))
  const programs = files.filter(file => file.endsWith('.ts') && !MADE.some(made => file.endsWith(made)))
  expect(programs.length).toBeGreaterThan(400)
  const found = programs.flatMap(file =>
    flagsIn(file, readFileSync(file, 'utf8'))
      .filter(flag => !ALLOWED.has(flag))
      .map(flag => `${file.slice(root.length + 1)}: ${flag}`),
  )
  expect(found).toEqual([])
})
