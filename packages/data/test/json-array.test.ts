import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readExamples } from '../src'
import { doctorRun } from '../src/doctor'
import { folderWith } from './files'

const first = '{"id": 9007199254740993,\n "tokens": ["]", "\\"[{"], "labels": ["O", "B-PER"]}'
const ARRAY = `[\n${first},\n\n{"tokens": ["b"], "labels": ["O"]}\n]\n`

it.each([
  ['train.json', ARRAY],
  ['train.jsonl', ARRAY],
  ['train.json', `${first}\n\n\n{"tokens": ["b"], "labels": ["O"]}`],
])('an array of posts is read, and posts set in several lines: %s', async (name, text) => {
  const data = await folderWith({ [name]: text })
  const { examples } = await readExamples(join(data, name))
  const lines = name === 'train.json' && text !== ARRAY ? [1, 5] : [2, 5]
  expect(examples.map(({ id, words, source }) => [id, words, source.line])).toEqual([
    ['9007199254740993', [']', '"[{'], lines[0]],
    [`${name}:5`, ['b'], lines[1]],
  ])
})

it.each([
  [
    '{"classes": ["PER"], "annotations": [["Rob sings", {"entities": [[0, 3, "PER"]]}], null]}',
    'train.json:1',
  ],
  [
    '{"version": 1, "data": [{"id": 9007199254740993, "text": "Rob", "label": [[0, 3, "PER"]]}]}',
    '9007199254740993',
  ],
])('a list in an object is read: %s', async (text, id) => {
  const data = await folderWith({ 'train.json': text })
  const { examples } = await readExamples(join(data, 'train.json'))
  expect(examples.map(post => [post.id, post.labels![0]])).toEqual([[id, 'B-PER']])
})

it.each([
  ['[{"tokens": ["a"]}\n, "b", {"tokens": []}]', ':2 must be a JSON array of posts. Received: ", \\"b\\",".'],
  ['[{"tokens": ["a"]},\n{"tokens": ["b"]', ':2 must be a JSON array of posts'],
  ['[{"tokens": ["a"]}]\n]', ':2 must be a JSON array of posts. Received: a ] that closes nothing'],
  ['[{"tokens": ["a"]},\n {"tokens" ["b"]}]', ':2 must be one JSON object'],
  ['[]', ' must hold at least one post'],
])('%j is refused at its line', async (text, error) => {
  const data = await folderWith({ 'train.json': text })
  await expect(readExamples(join(data, 'train.json'))).rejects.toThrow(`train.json${error}`)
})

it('the doctor writes its repaired copy as JSONL', async () => {
  const data = await folderWith({ 'train.json': ARRAY })
  const fix = join(await folderWith(), 'fixed')
  await doctorRun({ data, fix })
  expect(readFileSync(join(fix, 'data/train.jsonl'), 'utf8')).toBe(
    '{"id":"9007199254740993","tokens":["]","\\"[{"],"labels":["O","B-PER"]}\n{"tokens": ["b"], "labels": ["O"]}\n',
  )
})
