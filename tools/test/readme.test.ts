import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test, vi } from 'vitest'
import { codeBlocks } from '../documents/code-blocks'
import { documentsOf } from '../documents/documents'
import { typeErrors } from '../documents/type-check'
import { firstBlock, runReadme, statedOutput } from '../run-readme'

const root = fileURLToPath(new URL('../..', import.meta.url))
const packages = readdirSync(join(root, 'packages')).sort()
const readmes = [
  'README.md',
  'docs/guide/four-posts.md',
  ...packages.map(name => `packages/${name}/README.md`),
]

// Each example is a process of its own; there are two cores.
vi.setConfig({ maxConcurrency: 2 })

describe('firstBlock and statedOutput', () => {
  const markdown = '# A\n\n```sh\nnpm ci\n```\n\n```ts\nconst a = 1\n```\n\n```ts\nconst b = 2\n```\n'
  test('take the first block of the language, and what comes straight after it', () => {
    expect(firstBlock(markdown)).toBe('const a = 1\n')
    expect(firstBlock(markdown, 'sh')).toBe('npm ci\n')
    expect(statedOutput(markdown)).toBe(undefined)
    expect(statedOutput(`${'```ts\na()\n```\n\n```text\n1\n2\n```\n'}${markdown}`)).toBe('1\n2\n')
  })
  test('fail where there is none', () => {
    expect(() => firstBlock('# A\n\n```tsx\n<a/>\n```\n')).toThrow('no ```ts block')
    expect(() => firstBlock('```ts\n\n```\n')).toThrow('no ```ts block')
  })
})

describe('runReadme', () => {
  const withReadme = async <T>(text: string, use: (path: string) => Promise<T>): Promise<T> => {
    const directory = mkdtempSync(join(tmpdir(), 'maf-planted-'))
    try {
      writeFileSync(join(directory, 'README.md'), text)
      return await use(relative(root, join(directory, 'README.md')))
    } finally {
      rmSync(directory, { recursive: true })
    }
  }
  test('runs a block from source, beside what was prepared', async () => {
    const code = `import { readFileSync } from 'node:fs'\nimport { philox } from '@mafjs/tensor'
const answer: number = philox([0, 0, 0, 0], [0, 0])[0]!\nconsole.log(answer.toString(16), readFileSync('given', 'utf8'))`
    const prepare = (directory: string) => writeFileSync(join(directory, 'given'), 'was here')
    const { stdout } = await withReadme(`\`\`\`ts\n${code}\n\`\`\`\n`, path => runReadme(path, { prepare }))
    expect(stdout).toBe('6627e8d5 was here\n')
  })
  test('names the README when its example fails, hangs or is absent', async () => {
    const failing = "```ts\nthrow new Error('planted')\n```\n"
    await expect(withReadme(failing, path => runReadme(path))).rejects.toThrow(
      /README\.md failed(.|\n)*planted/,
    )
    const hanging = '```ts\nsetInterval(() => {}, 1000)\n```\n'
    await expect(withReadme(hanging, path => runReadme(path, { timeout: 2 }))).rejects.toThrow(/did not end/)
    await expect(withReadme('# none\n', path => runReadme(path))).rejects.toThrow(
      /README\.md has no ```ts block/,
    )
    await expect(runReadme('no/README.md')).rejects.toThrow('no/README.md is missing')
  })
})

describe.concurrent('the first example of', () => {
  test.each(readmes)('%s prints what the text block below it says', async readme => {
    const { stated, stdout } = await runReadme(readme)
    expect(stated, `a \`\`\`text block right after the first example of ${readme}`).toBeDefined()
    expect(stdout).toBe(stated)
  })
})

test('every program in a document is sound TypeScript', () => {
  expect(typeErrors(documentsOf(root), root)).toEqual([])
})

test.each([
  ['README.md', 14],
  ['docs/guide/four-posts.md', 16],
  ['packages/train/README.md', 39],
])('the example of %s has at most %i lines', (file, most) => {
  const code = firstBlock(readFileSync(join(root, file), 'utf8'))
  expect(code.split('\n').filter(line => line.trim()).length).toBeLessThanOrEqual(most)
})

test.each(['README.md', 'README.zh-CN.md'])('%s is read by who found it today: at most 150 lines', file => {
  expect(readFileSync(join(root, file), 'utf8').split('\n').length).toBeLessThanOrEqual(151)
})

test("a pipeline of one's own has at most 60 lines", () => {
  const blocks = codeBlocks(readFileSync(join(root, 'docs/guide/own-pipeline.md'), 'utf8'))
  const lines = blocks
    .filter(({ language }) => language === 'ts')
    .flatMap(({ content }) => content.split('\n'))
  expect(lines.filter(line => line.trim()).length).toBeLessThanOrEqual(60)
})
