import { join } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { labelScheme, readDataset, readExamples, typesOf } from '../src'
import { folderWith } from './files'

const JSONL = '{"text":"a"}\n'

describe('readDataset', () => {
  it('finds the splits by name and reads each in its own format', async () => {
    const data = await folderWith({
      'train.txt': 'a O\n',
      'dev.jsonl': JSONL,
      'test.txt': 'c O\n',
      'notes.md': '',
    })
    const dataset = await readDataset({ data, required: ['train', 'valid'] })
    const found = Object.entries(dataset).map(([key, split]) => [
      key,
      split.name,
      split.examples[0]!.words[0],
    ])
    expect(found).toEqual([
      ['train', 'train', 'a'],
      ['valid', 'valid', 'a'],
      ['test', 'test', 'c'],
    ])
  })

  it('reads one file as the split its name says', async () => {
    const data = await folderWith({ 'test.jsonl': JSONL, 'mine.jsonl': JSONL })
    expect(Object.keys(await readDataset({ data: join(data, 'test.jsonl') }))).toEqual(['test'])
    expect(Object.keys(await readDataset({ data: join(data, 'mine.jsonl') }))).toEqual(['train'])
    await expect(
      readDataset({ data: join(data, 'mine.jsonl'), required: ['train', 'valid'] }),
    ).rejects.toThrow(
      `${data}/mine.jsonl must be a folder with valid too. Received: one file, read as train.`,
    )
  })

  it('says what is missing, doubled, or none at all', async () => {
    const data = await folderWith({ 'train.txt': 'a O\n', 'notes.md': '' })
    await expect(readDataset({ data, required: ['train', 'valid'] })).rejects.toThrow(
      /must hold valid or val or dev or validation as a file of posts \(CoNLL, .*\.txt, .*\)\. Received: notes\.md, train\.txt\. Put the posts/,
    )
    await expect(readDataset({ data: await folderWith() })).rejects.toThrow(
      /must hold train, and valid.*, and test as .*Received: an empty folder/,
    )
    const doubled = await folderWith({ 'valid.txt': 'a O\n', 'dev.txt': 'a O\n' })
    await expect(readDataset({ data: doubled })).rejects.toThrow(
      `${doubled} must have one file of the split valid. Received: dev.txt, valid.txt. Keep one`,
    )
    await expect(readDataset({ data: join(data, 'no') })).rejects.toThrow(
      /no must be a file of posts \(CoNLL, .*\.txt, .*\) or a folder with train, valid and test files\. Received: ENOENT/,
    )
  })
})

describe('readExamples', () => {
  it('tells the formats apart by suffix, else by content', async () => {
    const folder = await folderWith({
      'a.jsonl': JSONL,
      b: `\n${JSONL}`,
      'c.txt': '{ O\n',
      'd.NDJSON': JSONL,
    })
    const words = async (name: string) => (await readExamples(join(folder, name))).examples[0]!.words
    expect(await words('a.jsonl')).toEqual(['a'])
    expect(await words('b')).toEqual(['a'])
    expect(await words('c.txt')).toEqual(['{'])
    expect(await words('d.NDJSON')).toEqual(['a'])
    const broken = await folderWith({ 'a.jsonl': '{"text":\n', 'b.ndjson': '{"text":\n' })
    for (const name of ['a.jsonl', 'b.ndjson']) {
      await expect(readExamples(join(broken, name))).rejects.toThrow(`${name}:1 must be one JSON object.`)
    }
  })
})

describe('labelScheme', () => {
  it('orders labels by type as given and finds their ids', () => {
    const { labels, idOf } = labelScheme(['PER', 'LOC'])
    expect(labels).toEqual(['O', 'B-PER', 'I-PER', 'B-LOC', 'I-LOC'])
    expect(labels.map(idOf)).toEqual([0, 1, 2, 3, 4])
    expect(() => idOf('B-ORG')).toThrow(
      'label must be one of O, B-PER, I-PER, B-LOC, I-LOC. Received: B-ORG.',
    )
  })

  it.each([[[]], [['PER', 'PER']], [['']], [['A\tB']], [[' A']]])('refuses the types %j', types => {
    expect(() => labelScheme(types)).toThrow('types must be at least one entity type')
  })

  it('takes the types of examples, whatever their order', () => {
    const example = (...labels: string[]) => ({
      id: '',
      words: labels,
      labels,
      source: { file: '', line: 1 },
    })
    expect(typesOf([example('O', 'I-PER'), { ...example(), labels: undefined }, example('B-LOC-2')])).toEqual(
      ['LOC-2', 'PER'],
    )
  })
})

test.each([
  ['corpus', 'Received: "corpus". Call readDataset({ data: "corpus" }).'],
  [undefined, "Received: undefined. Call readDataset({ data: 'corpus' })."],
])('given %j in place of its options, it says how it is called', async (given, message) => {
  await expect(readDataset(given as never)).rejects.toThrow(message)
})
