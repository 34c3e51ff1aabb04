import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { readDataset } from '../src'
import { folderWith } from './files'

const text = 'Rob sleeps'

it.each<[name: string, content: string | Uint8Array, error: string]>([
  ['train.jsonl', gzipSync('{}'), 'Received: a gzip archive, which is not read. Unpack it first.'],
  ['train.txt', 'PK\x03\x04...', 'a ZIP archive'],
  ['train.json', '\ufeff\n<?xml version="1.0"?>', 'XML, which is not read. Export it as CoNLL or JSON.'],
  ['train.txt', '#FORMAT=WebAnno TSV 3.3\n', 'WebAnno TSV'],
  [
    'train.jsonl',
    JSON.stringify({ text, label: { name: { Rob: [[0, 2]] } } }),
    '(It resembles CLUENER, which is not read.)',
  ],
  [
    'train.json',
    JSON.stringify([{ id: 0, paragraphs: [] }]),
    '(It resembles training data of spaCy 2, which is not read.)',
  ],
  ['train.jsonl', JSON.stringify({ text, label: [[1, 3, 'PER']] }), '(Read as doccano.)'],
])('the error of %s names what it resembles: %j', async (name, content, error) => {
  const data = await folderWith({ [name]: content })
  const read = readDataset({ data })
  await expect(read).rejects.toThrow(join(data, name))
  await expect(read).rejects.toThrow(error)
})
