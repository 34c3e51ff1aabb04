import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readDataset, splitWords } from '../src'
import { type DoctorRunOptions, doctorRun } from '../src/doctor/doctor-run'
import { folderWith } from './files'

const json = (posts: readonly object[]): string => posts.map(post => `${JSON.stringify(post)}\n`).join('')

/** Posts whose entities are given by name, with offsets counted by a function of text and name. */
const posts = (count: (text: string, name: string) => [number, number]) =>
  json(
    [
      ['😀 I met Rob in Oslo', 'Rob'],
      ['😀😀 Rob met Anna', 'Rob', 'Anna'],
      ['I met 𠮷田 today', '𠮷田'],
      ['no pictograph, Ada', 'Ada'],
    ].map(([text, ...names]) => ({
      text,
      entities: names.map(name => {
        const [start, end] = count(text!, name)
        return { type: 'PER', start, end }
      }),
    })),
  )

const utf16 = (text: string, name: string): [number, number] => [
  text.indexOf(name),
  text.indexOf(name) + name.length,
]
const codepoints = (text: string, name: string): [number, number] => {
  const start = [...text.slice(0, text.indexOf(name))].length
  return [start, start + [...name].length]
}
const lastSign =
  (count: typeof utf16): typeof utf16 =>
  (text, name) => {
    const [start, end] = count(text, name)
    return [start, end - 1]
  }

describe.each([
  ['code points, end exclusive', codepoints, { offsets: 'codepoints' }, "offsets: 'codepoints'"],
  ['UTF-16 units, end inclusive', lastSign(utf16), { endInclusive: true }, 'endInclusive: true'],
  [
    'code points, end inclusive',
    lastSign(codepoints),
    { offsets: 'codepoints', endInclusive: true },
    "offsets: 'codepoints', endInclusive: true",
  ],
] as const)('offsets that are %s', (what, count, reading, options) => {
  it('are refused with their count and what they are, read where that is said, and converted by --fix', async () => {
    const data = await folderWith({ 'train.jsonl': posts(count) })
    await expect(readDataset({ data })).rejects.toThrow(
      new RegExp(
        `train\\.jsonl:1 must have entities .* \\(the first of \\d such entities\\)\\. All fit as ${what}: read them so \\(${options}\\)\\.`,
      ),
    )
    const expected = await readDataset({ data: await folderWith({ 'train.jsonl': posts(utf16) }) })
    const labels = expected.train!.examples.map(({ words, labels }) => [words, labels])
    const named = await readDataset({ data, ...reading })
    expect(named.train!.examples.map(({ words, labels }) => [words, labels])).toEqual(labels)

    const fix = join(await folderWith(), 'copy')
    const { findings, counts } = await doctorRun({ data, fix })
    expect(counts.error).toBeGreaterThan(0)
    expect(findings.find(({ code }) => code === 'other-offsets')?.message).toBe(`all entities fit as ${what}`)
    expect(await readFile(join(fix, 'data/train.jsonl'), 'utf8')).toBe(posts(utf16))
    const { findings: named2 } = await doctorRun({ data, ...reading } as DoctorRunOptions)
    expect(named2).toEqual([])
  })
})

describe('an entity that does not begin and end with words', () => {
  const text = 'New Yorkers met Rob'
  const data = (entity: object) =>
    folderWith({ 'train.jsonl': json([{ text, entities: [{ type: 'T', ...entity }] }]) })

  it.each([
    ['begins inside a word', { start: 5, end: 11 }, { start: 4, end: 11 }],
    ['ends inside a word', { start: 0, end: 8 }, { start: 0, end: 11 }],
    ['begins on white space', { start: 15, end: 19 }, { start: 16, end: 19 }],
    ['ends on white space', { start: 12, end: 16 }, { start: 12, end: 15 }],
    [
      'has a "text" that is not there',
      { start: 16, end: 19, text: 'Bob' },
      { start: 16, end: 19, text: 'Rob' },
    ],
  ])('%s, which stops reading, or it has the whole words', async (message, entity, fitted) => {
    const folder = await data(entity)
    await expect(readDataset({ data: folder })).rejects.toThrow(`which ${message}: `)
    const { findings } = await doctorRun({ data: folder })
    expect(findings.filter(({ severity }) => severity === 'error')).toMatchObject([
      { code: 'misplaced-entity', line: 1, message },
    ])
    const { train } = await readDataset({ data: folder, misplacedEntities: 'fit' })
    expect(train!.examples[0]!.words).toEqual(splitWords(text, 'tweet').words)
    expect(train!.report.misplacedEntities).toBe(1)
    const fix = join(await folderWith(), 'copy')
    await doctorRun({ data: folder, fix, misplacedEntities: 'fit' })
    const [line] = (await readFile(join(fix, 'data/train.jsonl'), 'utf8')).split('\n')
    expect(JSON.parse(line!).entities).toEqual([{ type: 'T', ...fitted }])
  })

  it('may cover signs that nobody sees, and is none of nothing else', async () => {
    const hidden = 'I met \u200eRob\u200e in Ber\u00adlin \u200b'
    const entities = [
      { type: 'PER', start: 6, end: 11 },
      { type: 'LOC', start: 15, end: 22 },
    ]
    const folder = await folderWith({ 'train.jsonl': json([{ text: hidden, entities }]) })
    const { train } = await readDataset({ data: folder })
    expect(train!.examples[0]!.labels).toEqual(['O', 'O', 'B-PER', 'O', 'B-LOC'])
    const alone = json([{ text: hidden, entities: [{ type: 'PER', start: 23, end: 24 }] }])
    await expect(readDataset({ data: await folderWith({ 'train.jsonl': alone }) })).rejects.toThrow(
      'must have entities that cover words of its "text"',
    )
  })

  it('is found where there are no spaces, with the splitter that knows words there', async () => {
    const post = { text: '浙商银行叶老桂', entities: [{ type: 'PER', start: 4, end: 7 }] }
    const folder = await folderWith({ 'train.jsonl': json([post]) })
    await expect(readDataset({ data: folder })).rejects.toThrow('All fit as words of the splitter characters')
    const { train } = await readDataset({ data: folder, splitter: 'characters' })
    expect(train!.examples[0]!.labels!.join(' ')).toBe('O O O O B-PER I-PER I-PER')
  })
})
