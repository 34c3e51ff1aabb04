import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readExamples } from '../src'
import { readFile } from '../src/reading/read-file'
import { entitiesOf } from './entities-of'
import { folderWith } from './files'

async function said(text: string, name = 'train.csv') {
  const data = await folderWith({ [name]: text })
  const { format, posts, problems } = await readFile(join(data, name))
  return {
    format: format.name,
    posts: posts
      .filter(({ fault }) => !fault)
      .map(post => [post.id, post.source.line, ...post.pictures, ...entitiesOf(post)]),
    problems: problems.map(
      ({ line, about, error }) => `${line} ${error ? `${error.rule}. ${error.received}` : about}`,
    ),
  }
}

const cell = (value: unknown): string =>
  `"${(typeof value === 'string' ? value : JSON.stringify(value)).replaceAll('"', '""')}"`
const text = '😀 [I], "Rob", met\nAda in Oslo'
const groups = [
  { entity_group: 'PER', start: 8, end: 11 },
  { entity_group: 'LOC', start: 25, end: 29 },
]
const READ = ['PER Rob', 'LOC Oslo']

describe('tables of AutoGluon', () => {
  it.each<[string, string, unknown[]]>([
    [
      'its own names',
      `text_snippet,image,entity_annotations\n${cell(text)},a.jpg,${cell(groups)}\n`,
      ['a.jpg', ...READ],
    ],
    [
      'other names',
      `,tweet,image_path,ner\n0,${cell(text)},a.jpg;b/c.png,${cell(groups)}\n`,
      ['a.jpg', 'b/c.png', ...READ],
    ],
    ['without pictures', `text_snippet,entity_annotations\n${cell(text)},${cell(groups)}`, READ],
    [
      'a byte order mark, Windows line ends',
      `\ufefftext_snippet,entity_annotations\r\n${cell(text)},${cell(groups)}\r\n`,
      READ,
    ],
    ['semicolons', `text_snippet;entity_annotations\n${cell(text)};${cell(groups)}\n`, READ],
    ['no entity', `text_snippet,entity_annotations\n${cell(text)},[]\n`, []],
    [
      'not annotated',
      `text_snippet,entity_annotations,image\n${cell(text)},${cell(groups)},\n${cell(text)},,a.jpg`,
      [],
    ],
  ])('%s', async (_, table, post) => {
    const { format, posts, problems } = await said(table)
    expect([format, posts.at(-1)!.slice(2)]).toEqual([
      'AutoGluon',
      table.includes('a.jpg') && post.length === 0 ? ['a.jpg'] : post,
    ])
    expect(problems.filter(problem => !/byte order mark|1 $/.test(problem) && problem !== '2 ')).toEqual([])
  })

  it('joins groups of BIO, and knows the lines of rows', async () => {
    const own = 'Ada and Rob Roy'
    const bio = [
      ['B-PER', 0, 3],
      ['B-PER', 8, 11],
      ['I-PER', 12, 15],
    ].map(([entity_group, start, end]) => ({ entity_group, start, end }))
    const table = `text_snippet,entity_annotations\n${cell(text)},${cell(groups)}\n\n${cell(own)},${cell(bio)}\n`
    expect((await said(table)).posts).toEqual([
      ['train.csv:2', 2, ...READ],
      ['train.csv:5', 5, 'PER Ada', 'PER Rob Roy'],
    ])
  })

  it.each([
    [
      'text_snippet,entity_annotations\nRob,"[{""entity_group"":""PER"",""start"":1,""end"":3}]"',
      '2 must have entities that begin and end where its words do',
    ],
    ['text_snippet,entity_annotations\nRob,"[{""entity_group"": PER}]"', '2 must have a list as "entities"'],
    ['text,text\nRob,x', '1 must have a header that names each column once. "text"'],
    ['text,label\nRob\n', '2 must have as many cells in a row as its header. 1 cells, not 2'],
    ['text,label\n"Rob,x\n', '2 must be a table (CSV). Quoted field unterminated'],
  ])('%j is refused', async (table, error) => {
    expect((await said(table)).problems[0]).toContain(error)
  })
})

describe('other tables', () => {
  it('with the fields of JSONL, tabs as well', async () => {
    const data = await folderWith({
      'train.tsv': 'id\ttext\timage\tlabel\n007\tRob sleeps\ta.jpg\tgood\n8\t[x]\t\t\n',
    })
    const { examples } = await readExamples(join(data, 'train.tsv'))
    expect(examples.map(({ id, words, label }) => [id, words.join(' '), label])).toEqual([
      ['007', 'Rob sleeps', 'good'],
      ['8', '[ x ]', undefined],
    ])
  })

  it('of Label Studio and of Hugging Face', async () => {
    const labelStudio = `id,text,label,annotator,annotation_id\n7,I met Rob,${cell([{ start: 6, end: 9, text: 'Rob', labels: ['PER'] }])},1,2\n`
    expect(await said(labelStudio)).toEqual({
      format: 'Label Studio',
      posts: [['7', 2, 'PER Rob']],
      problems: [],
    })
    const hub = `tokens,ner_tags\n${cell(['Rob', 'x'])},${cell(['B-PER', 'O'])}\n`
    expect(await said(hub)).toMatchObject({ format: 'Hugging Face', posts: [['train.csv:2', 2, 'PER Rob']] })
  })

  it('with a word in each row, as Kaggle has them', async () => {
    const table =
      'Sentence #,Word,POS,Tag\nSentence: 1,Rob,NNP,B-per\n,"""",VBZ,O\nSentence: 2,NA,NNP,B-geo\nSentence: 2,x,NNP,I-geo\n'
    expect(await said(table)).toEqual({
      format: 'JSONL',
      posts: [
        ['Sentence: 1', 2, 'per Rob'],
        ['Sentence: 2', 4, 'geo NA x'],
      ],
      problems: [],
    })
  })
})

it('the cases of tools are read, each in its format', async () => {
  const folder = join(import.meta.dirname, '../../../../shared/cases/annotation-exports')
  const files = new Map([
    ...(['array.jsonl', 'kaggle.csv', 'type-with-space.jsonl'] as const).map(
      name => [name, 'JSONL'] as const,
    ),
    ...(['doccano-labels.jsonl', 'doccano-relation.jsonl'] as const).map(name => [name, 'doccano'] as const),
    ...(['label-studio-tasks.jsonl', 'label-studio.json'] as const).map(
      name => [name, 'Label Studio'] as const,
    ),
    ...[
      ['autogluon.csv', 'AutoGluon'] as const,
      ['brat.ann', 'brat'] as const,
      ['brat.txt', 'brat'] as const,
    ],
    ...[['prodigy.jsonl', 'Prodigy'] as const, ['spacy2.jsonl', 'spaCy'] as const],
  ])
  try {
    readFileSync(join(folder, 'README'))
  } catch {
    return console.warn(`skipped: ${folder} is not there`)
  }
  for (const [name, format] of files) {
    const read = await readFile(join(folder, name))
    expect([name, read.format.name, read.problems.filter(({ error }) => error)]).toEqual([name, format, []])
    expect(entitiesOf(read.posts[0]!)[0]).toMatch(/ Rob$/)
  }
})
