import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Place, readDataset } from '../src'
import { readFile } from '../src/reading/read-file'
import { entitiesOf } from './entities-of'
import { folderWith } from './files'

/** What a file of records holds, the format that it is read in, and what is said of it. */
async function said(records: unknown[], options: Partial<Place> = {}) {
  const text = records.map(record => `${JSON.stringify(record)}\n`).join('')
  const data = await folderWith({ 'train.jsonl': text })
  const { format, posts, problems } = await readFile(join(data, 'train.jsonl'), options)
  return {
    format: format.name,
    posts: posts.filter(({ fault }) => !fault).map(post => [post.id, ...entitiesOf(post)]),
    problems: problems.map(({ code, line, about, error }) =>
      error ? `${line} ${error.rule}. ${error.received}` : `${line} ${code} ${about}`,
    ),
  }
}

const text = '😀 I met Rob in Oslo'
// As Python counts: the emoji is one sign.
const SPANS = [
  [8, 11, 'PER'],
  [15, 19, 'LOC'],
] as const
const READ = ['PER Rob', 'LOC Oslo']

describe('doccano', () => {
  it.each([
    [{ id: 1, text, label: SPANS, Comments: [] }],
    [{ id: 1, text, labels: SPANS }],
    [{ id: 1, data: text, label: SPANS }],
    [{ id: 1, text, entities: SPANS, cats: [], Comments: [] }],
    [
      {
        id: 1,
        text,
        entities: SPANS.map(([start_offset, end_offset, label], id) => ({
          id,
          label,
          start_offset,
          end_offset,
        })),
        relations: [],
        Comments: [],
      },
    ],
  ])('%j', async record => {
    expect(await said([record])).toEqual({ format: 'doccano', posts: [['1', ...READ]], problems: [] })
  })

  it('has posts without entities, classes, and what is not carried over is counted', async () => {
    expect(
      await said([
        { id: 1, text, label: [] },
        { id: 2, text, label: ['good'] },
        {
          id: 3,
          text,
          entities: [{ id: 1, label: 'PER', start_offset: 8, end_offset: 11 }],
          relations: [{ id: 1, from_id: 1, to_id: 1, type: 'is' }],
          Comments: ['?'],
        },
        { id: 4, text, label: SPANS, source: 'web' },
      ]),
    ).toEqual({
      format: 'doccano',
      posts: [['1'], ['2'], ['3', READ[0]], ['4', ...READ]],
      problems: ['3 not-carried relations', '3 not-carried comments', '4 unknown-field source'],
    })
  })

  it.each([
    [
      {
        text,
        label: [
          [8, 11, 'PER'],
          [10, 19, 'LOC'],
        ],
      },
      'which begins inside a word',
    ],
    [
      {
        text,
        label: [
          [8, 11, 'PER'],
          [8, 11, 'LOC'],
        ],
      },
      'must have entities that do not overlap',
    ],
    [{ text, label: ['a', 'b'] }, 'must have at most one class. ["a","b"]'],
    [{ text, label: [[8, 11]] }, 'must have entities {"type", "start", "end"}'],
    [{ text, label: SPANS, labels: SPANS }, 'must have its spans in one field. 2 of them'],
    [
      { text, annotations: [{ label: 2, start_offset: 8, end_offset: 11, user: 1 }] },
      'must have names as labels',
    ],
    [
      { text, annotations: [1, 2].map(user => ({ label: 'PER', start_offset: 8, end_offset: 11, user })) },
      'must have the annotations of one person. those of 2 users',
    ],
  ])('%j is refused', async (record, error) => {
    const { format, problems } = await said([{ text, label: SPANS }, record])
    expect([format, problems[0]]).toEqual(['doccano', expect.stringMatching(/^2 /)])
    expect(problems[0]).toContain(error)
  })
})

describe('Prodigy', () => {
  const tokens = ['😀', 'I', 'met', 'Rob', '  ', 'in', 'Oslo'].map((token, id) => ({
    text: token,
    id,
    start: 0,
    end: 1,
    ws: true,
  }))
  const spans = [
    { start: 8, end: 11, token_start: 3, token_end: 3, label: 'PER' },
    { start: 15, end: 19, token_start: 6, token_end: 6, label: 'LOC', source: 'model' },
  ]
  const task = {
    text,
    _input_hash: -7,
    _task_hash: 9,
    tokens,
    spans,
    _view_id: 'ner_manual',
    answer: 'accept',
    _timestamp: 1,
  }

  it('has accepted answers as posts; others are counted', async () => {
    const answers = [
      task,
      { ...task, _input_hash: 2, answer: 'reject' },
      { ...task, _input_hash: 3, answer: 'ignore' },
      { ...task, _session_id: 'b' },
      { ...task, _input_hash: 4, spans: [], image: 'data:image/png;base64,AAAA', relations: [{ head: 1 }] },
      { ...task, _input_hash: 5, image: 'a.jpg', meta: { source: 'web' } },
    ]
    expect(await said(answers)).toEqual({
      format: 'Prodigy',
      posts: [['train.jsonl:1', ...READ], ['train.jsonl:5'], ['train.jsonl:6', ...READ]],
      problems: [
        '2 left-out rejected answers',
        '3 left-out ignored answers',
        '4 left-out answers that say the same again',
        '5 not-carried relations',
        '5 not-carried pictures written as data',
        '6 unknown-field meta',
      ],
    })
  })

  it('of rejected answers alone is no empty file', async () => {
    const data = await folderWith({ 'train.jsonl': JSON.stringify({ ...task, answer: 'reject' }) })
    await expect(readDataset({ data })).rejects.toThrow('Received: 1 rejected answers, which are left out.')
  })

  it('has the words of its tokens, where splitting would cut an entity', async () => {
    const own = {
      text: 'US-based',
      tokens: ['US', '-', 'based'].map(text => ({ text })),
      spans: [{ start: 0, end: 2, label: 'LOC' }],
      answer: 'accept',
    }
    expect(await said([own])).toEqual({
      format: 'Prodigy',
      posts: [['train.jsonl:1', 'LOC US']],
      problems: [],
    })
  })

  it.each([
    [{ ...task, spans: [spans[0]], _session_id: 'b' }, 'must have one annotation for each task'],
    [{ ...task, _input_hash: 2, _view_id: 'ner' }, 'must have answers to whole texts'],
    [{ ...task, _input_hash: 2, tokens: [{ text: 'I' }] }, 'must have the words of its "text" as "tokens"'],
  ])('what is ambiguous is refused: %#', async (record, error) => {
    const { problems } = await said([task, record])
    expect(problems[0]).toContain(`2 ${error}`)
  })
})

describe('spaCy', () => {
  it.each([
    [[text, { entities: SPANS }]],
    [{ text, entities: SPANS }],
    [{ text, entities: SPANS.map(([start, end, label]) => ({ start, end, label })) }],
    [
      {
        text,
        ents: SPANS.map(([start, end, label]) => ({ start, end, label })),
        tokens: [...text].length && tokensOf(text),
      },
    ],
  ])('%j', async record => {
    expect(await said([record])).toEqual({
      format: 'spaCy',
      posts: [['train.jsonl:1', ...READ]],
      problems: [],
    })
  })

  it('what spaCy itself writes is read, and its groups of spans are counted', async () => {
    const lines = readFileSync(join(import.meta.dirname, 'fixtures/formats/spacy.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
    const records = lines.map(line => JSON.parse(line) as { text: string; expected: string[] })
    const read = await said(records.map(({ expected: _, ...record }) => record))
    expect(read.format).toBe('spaCy')
    expect(read.posts.map(([, ...entities]) => entities)).toEqual(records.map(({ expected }) => expected))
    expect(read.problems).toEqual(['2 not-carried spans of groups', '2 not-carried spans of groups'])
  })
})

const tokensOf = (text: string) =>
  [...text.matchAll(/\S+/g)].map(({ 0: word, index }, id) => ({
    id,
    start: [...text.slice(0, index)].length,
    end: [...text.slice(0, index + word.length)].length,
  }))
