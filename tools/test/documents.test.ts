import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { codeBlocks } from '../documents/code-blocks'
import { commandsOf, kindOf } from '../documents/commands'
import { documentsOf } from '../documents/documents'
import { addressOf, pageOf } from '../documents/routes'
import { runDocument } from '../documents/run-document'
import { siteLink } from '../documents/site-link'

const root = fileURLToPath(new URL('../..', import.meta.url))

const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'maf-documents-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

test('a block comes with its place and what the comments before it say', () => {
  const text =
    '# A\n<!-- given: a, b -->\n<!-- absent: c -->\n```sh\nls\n```\n<!-- other -->\n\n```ts\n1\n```\n'
  expect(codeBlocks(text)).toMatchObject([
    { language: 'sh', content: 'ls\n', line: 4, given: ['a', 'b'], absent: ['c'] },
    { language: 'ts', content: '1\n', line: 9, given: [], absent: [] },
  ])
})

test('a command is run, or says what it needs, or is what CI runs', () => {
  const ci = "step 'npm ci' npm ci\ncommands=(\n  'npm run demo'\n)"
  expect(commandsOf('# so\na \\\n  --b\n\nc # d\n')).toEqual(['a --b', 'c # d'])
  expect(kindOf('npx ner-maf doctor', ci)).toBe('run')
  expect(kindOf('npm install x # needs the network', ci)).toBe('needs the network')
  expect(kindOf('npm ci && npm run demo   # trains', ci)).toBe('in .ci/run')
  expect(kindOf('npm run demo -- --quick', ci)).toBe('nowhere')
})

test('a document is followed: files, programs and commands, and every fault is told with its line', async () => {
  const folder = newFolder()
  const world = newFolder()
  writeFileSync(join(world, 'had.txt'), 'had')
  const fence = '```'
  const parts = [
    `<!-- file: a.txt -->\n${fence}yaml\nhere\n${fence}`,
    `<!-- given: had.txt -->\n${fence}sh\ntest "$(cat a.txt had.txt)" = $'here\\nhad'\n${fence}`,
    `${fence}ts\nconsole.log(1 + 1)\n${fence}\n\n${fence}text\n2\n${fence}`,
    `${fence}ts\nconsole.log(1 + 1)\n${fence}\n\n${fence}text\n3\n${fence}`,
    `${fence}sh\nexit 3\n${fence}`,
    `${fence}yaml\na: 1\n${fence}`,
    `${fence}sh\nnpm run nothing-of-this-name\n${fence}`,
  ]
  writeFileSync(join(folder, 'README.md'), `${parts.join('\n\n')}\n`)
  const { counts, failures } = await runDocument(relative(root, join(folder, 'README.md')), { root, world })
  expect(counts).toEqual({ files: 1, run: 1, programs: 1 })
  const said = [
    /:19: printed\n2\nwhere the document says\n3/,
    /:27: .* failed with exit code 3/,
    /:31: a block of yaml/,
    /:35: .*tested nowhere/,
  ]
  expect(failures).toHaveLength(said.length)
  for (const [i, text] of said.entries()) expect(failures[i]).toMatch(text)
})

describe('the site', () => {
  test('has every document as a page, at an address of its own', () => {
    const addresses = documentsOf(root).map(file => addressOf(pageOf(file)!))
    expect(addresses).toContain('/')
    expect(addresses).toContain('/packages/align')
    expect(new Set(addresses).size).toBe(addresses.length)
  })
  test("turns the repository's links into its own", () => {
    const from = 'packages/align/README.md'
    const link = (href: string, repository?: string) => siteLink(href, { from, root, repository })
    expect(link('../../README.md')).toBe('/')
    expect(link('../match')).toBe('/packages/match')
    expect(link('../ner-maf/README.md#data')).toBe('/packages/ner-maf#data')
    expect(link('../../docs/decisions/README.md')).toBe('/decisions/')
    expect(link('src/index.ts')).toBe(undefined)
    expect(link('src/index.ts', 'https://a.b/c')).toBe('https://a.b/c/blob/main/packages/align/src/index.ts')
    expect(link('https://a.b')).toBe('https://a.b')
    expect(() => link('src/none.ts')).toThrow(
      `${from} links to src/none.ts, but there is no packages/align/src/none.ts`,
    )
  })
})
