import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  conll,
  FORMATS,
  type Format,
  firstError,
  jsonl,
  type Post,
  readExamples,
  type WritingFormat,
} from '../src'
import { doctorRun } from '../src/doctor'
import { lineOf } from '../src/posts/post'
import { folderWith } from './files'

const read = (format: Format, text: string): Post[] => {
  const { posts, problems } = format.parse(text.split('\n').slice(0, -1), { file: 'a/b' })
  expect(firstError('a/b', problems)).toBeUndefined()
  return posts
}
const said = ({ id, words, labels, text, pictures }: Post) => ({ id, words, labels, text, pictures })

const POSTS: Post[] = [
  {
    id: 'a',
    words: ['Rob', '\u00a0', 'IMGID:7'],
    labels: ['B-PER', 'O', 'I-LOC'],
    pictures: ['a', 'b/c.png'],
    source: { file: '', line: 1 },
  },
  { id: '2', words: ['x'], labels: ['O'], pictures: ['2'], source: { file: '', line: 1 } },
]

const WRITTEN = FORMATS.filter((format): format is WritingFormat => format.write !== undefined)

describe.each(WRITTEN.map(format => [format.name, format] as const))('%s', (_, format) => {
  it('gives what was written', () => {
    expect(read(format, POSTS.map(format.write).join('')).map(said)).toEqual(POSTS.map(said))
  })

  it.each(WRITTEN.map(other => [other.name, other] as const))('writes what was read as %s', (_, other) => {
    const posts = read(other, POSTS.map(other.write).join(''))
    expect(read(format, posts.map(format.write).join('')).map(said)).toEqual(POSTS.map(said))
  })

  it('has suffixes that no other has, in lower case', () => {
    const others = FORMATS.filter(other => other !== format).flatMap(({ suffixes }) => suffixes)
    for (const suffix of format.suffixes) {
      expect(suffix).toMatch(/^\.[a-z]+$/)
      expect(others).not.toContain(suffix)
    }
  })
})

describe('what is right in a file', () => {
  it.each([
    ['CoNLL', conll, 'IMGID:1\nIMGID:2\nvan Gogh\tB-PER\n\u3000 O\n\na O\n\n'],
    [
      'JSONL',
      jsonl,
      '{ "id":7, "own": [1.0], "tokens": ["a"], "labels":["O"] }\n{"text":"a b","entities":[{"end":1,"start":0,"type":"T","by":"me"}],"images":["x"]}\n',
    ],
  ] as const)('stays as it is when it is written again: %s', (_, format, text) => {
    expect(read(format, text).map(format.write).join('')).toBe(text)
  })
})

it('knows the lines of words, below headers and in one line', () => {
  const lines = ['', 'IMGID:1', 'IMGID:2', 'Rob\tI-PER', 'x\tO']
  const [post] = conll.parse(lines, { file: 'a', line: 10 }).posts
  expect([post!.source.line, lineOf(post!, 0), lineOf(post!, 1)]).toEqual([11, 13, 14])
  const [other] = jsonl.parse(['', '{"text":"a b"}'], { file: 'a', line: 10 }).posts
  expect([other!.source.line, lineOf(other!, 0), lineOf(other!, 1)]).toEqual([11, 11, 11])
})

it('CoNLL refuses what it cannot hold', () => {
  const [post] = POSTS
  expect(() => conll.write({ id: '1', words: ['a'], source: { file: '', line: 1 } })).toThrow(
    /^the post 1 must have labels.*Received: no labels/,
  )
  expect(() => conll.write({ ...post!, words: ['a\tb', 'c', 'd'] })).toThrow(/Received: a word with one/)
})

it('the reader throws the first of the problems that the doctor lists', async () => {
  const lines = [
    '{"id": 9007199254740993, "tokens": ["a"]}',
    '{"id": 9007199254740992, "tokens": ["b"], "labels": ["Q-PER"], "image": "/a"}',
    '{"tokens": []}',
    'text',
  ]
  const data = await folderWith({ 'train.jsonl': lines.join('\n'), 'fine.jsonl': lines[0]! })
  const file = join(data, 'train.jsonl')
  const { findings } = await doctorRun({ data: file })
  expect(findings.map(({ code, line }) => `${line} ${code}`).sort()).toEqual([
    '1 rounded-id',
    '1 unlabelled-post',
    '2 label-outside-scheme',
    '2 picture-name',
    '2 rounded-id',
    '3 empty-post',
    '4 unreadable-line',
  ])
  await expect(readExamples(file)).rejects.toThrow(`${file}:2 must name a picture inside`)
  // An id beyond 2^53 keeps its digits: it is no other post's.
  expect((await readExamples(join(data, 'fine.jsonl'))).examples[0]!.id).toBe('9007199254740993')
})
