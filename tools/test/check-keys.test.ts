import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { textKeys } from '../check-keys.mjs'

/** The problems of some programs, each in a block of its own. */
function problems(programs: readonly string[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'maf-keys-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'planted.ts')
  const blocks = programs.map(program => `{\n${program}\n}`).join('\n')
  writeFileSync(file, `declare const text: string\ndeclare const json: unknown\n${blocks}\nexport {}\n`)
  return textKeys([file]).map(({ text, problem }) => `${text} ${problem}`)
}

// The first is the line that once wrote into Object.prototype for the whole process.
const planted = [
  ['const rows: Record<string, Record<string, number>> = {}\nrows[text] ??= {}', 'rows[text] writes'],
  ['const counts: Record<string, number> = {}\ncounts[text]++', 'counts[text] writes'],
  [
    `function count(counts: Record<string, number>) { counts[\`a\${text}\`] = 1 }`,
    `counts[\`a\${text}\`] writes`,
  ],
  ['const sizes: Record<string, number> = { small: 1 }\nsizes[text]', 'sizes[text] looks'],
  [
    'const sizes = { small: 1 }\nsizes[text as keyof typeof sizes]',
    'sizes[text as keyof typeof sizes] looks',
  ],
  [
    "({ '.json': 1 } as Record<string, number>)[text]",
    "({ '.json': 1 } as Record<string, number>)[text] looks",
  ],
  ['const filters = { 2: 1 }\nfilters[json as 2]', 'filters[json as 2] looks'],
  ['const given: object = {}\ntext in given', 'text in given finds'],
] as const

test('a text that is the key of a plain object is found, written or read', () => {
  const found = problems(planted.map(([program]) => program))
  expect(found).toEqual(planted.map(([, problem]) => expect.stringContaining(problem)))
})

const sound = [
  'const counts: Record<string, number> = Object.create(null)\ncounts[text] = (counts[text] ?? 0) + 1',
  'const bound: Record<string, number> = Object.assign(Object.create(null), { a: 1 })\nbound[text] ??= 1',
  'const sizes: Record<string, number> = { small: 1 }\nconst size = () => Object.hasOwn(sizes, text) ? sizes[text] : 0',
  "const names = { image: 1, images: 2 }\nconst name = text === '' ? 'image' : 'images'\nnames[name] = 3",
  'const list = [1]\nlist[list.length] = 2',
  'const record = Object.fromEntries(new Map([[text, 1]]))\nrecord[text]',
  "const tree: { a?: number } = {}\n'a' in tree && Symbol.iterator in tree",
]

test('objects without a prototype, tables that are asked, names of ours and numbers are none', () => {
  expect(problems(sound)).toEqual([])
})
