import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readDataset, readExamples } from '../src'
import { doctorRun, formatDoctorReport } from '../src/doctor'
import { folderWith } from './files'

const NAMES = ['O', 'B-PER', 'I-PER', 'B-LOC']
const tokens = ['Rob', 'sleeps']
const jsonl = (...records: object[]): string =>
  records.map(record => `${JSON.stringify(record)}\r\n`).join('')

async function labelsOf(records: object[], options: object = {}, files: Record<string, string> = {}) {
  const data = await folderWith({ 'train.jsonl': jsonl(...records), ...files })
  const { train } = await readDataset({ data, ...options })
  return train!.examples.map(({ id, labels, image }) => [id, labels?.join(' '), ...(image ? [image] : [])])
}

describe('records of Hugging Face data sets', () => {
  it.each([
    [{ id: '0', tokens, ner_tags: ['B-PER', 'O'] }, '0'],
    [{ id: '0', tokens, ner_tags: [1, 0], pos_tags: [3, 4], image: null }, '0'],
    [{ tokens, tags: [1, 0] }, 'train.jsonl:1'],
    [{ id: 0, tokens, labels: [1, 0] }, '0'],
    [{ id: 0, words: tokens, ner_tags: [1, 0], image: { bytes: null, path: 'a.jpg' } }, '0'],
  ])('%j', async (record, id) => {
    expect(await labelsOf([record], { labelNames: NAMES })).toEqual([[id, 'B-PER O']])
  })

  it('numbers have the names of dataset_info.json beside the file, in either version', async () => {
    const ner_tags = { feature: { names: NAMES, _type: 'ClassLabel' }, _type: 'Sequence' }
    const pos_tags = { feature: { names: ['X'], _type: 'ClassLabel' }, _type: 'List' }
    const info = { features: { pos_tags, ner_tags } }
    for (const [name, text] of [
      ['dataset_info.json', JSON.stringify(info)],
      ['dataset_infos.json', JSON.stringify({ en: info, de: info })],
    ] as const) {
      expect(await labelsOf([{ tokens, ner_tags: [1, 0] }], {}, { [name]: text })).toEqual([
        ['train.jsonl:1', 'B-PER O'],
      ])
    }
    const other = { features: { ner_tags: { feature: { names: ['O', 'B-X'] } } } }
    const both = { 'dataset_infos.json': JSON.stringify({ en: info, de: other }) }
    await expect(labelsOf([{ tokens, ner_tags: [1, 0] }], {}, both)).rejects.toThrow(
      'a list of them must be given',
    )
  })

  it.each([
    [
      { tokens, ner_tags: [1, 0] },
      {},
      'must have names as "ner_tags", or a list of them must be given. Received: the number 1',
    ],
    [
      { tokens, ner_tags: [4, 0] },
      { labelNames: NAMES },
      'must have numbers from 0 to 3 as "ner_tags". Received: 4',
    ],
    [{ tokens, ner_tags: [-100, 0] }, { labelNames: NAMES }, 'Received: -100'],
    [{ tokens, ner_tags: [1.5, 0] }, { labelNames: NAMES }, 'must have a label for each of its 2 tokens'],
    [{ tokens, ner_tags: [1] }, { labelNames: NAMES }, 'must have a label for each of its 2 tokens'],
    [{ tokens, ner_tags: [1, 0], labels: [1, 0] }, { labelNames: NAMES }, 'must have "ner_tags" or "labels"'],
    [
      { tokens, ner_tags: [1, 0], image: { bytes: 'abc' } },
      { labelNames: NAMES },
      'must have pictures with a "path"',
    ],
  ])('%j is refused', async (record, options, error) => {
    await expect(labelsOf([{ tokens, ner_tags: ['O', 'O'] }, record], options)).rejects.toThrow(
      new RegExp(`train.jsonl:2 .*${error.replace(/[.*"()]/g, '\\$&')}`),
    )
  })

  it('the doctor says how numbers get their names', async () => {
    const data = await folderWith({ 'train.jsonl': jsonl({ tokens, ner_tags: [1, 0] }) })
    const report = formatDoctorReport(await doctorRun({ data }))
    expect(report).toContain('train.jsonl:1: must have names as "ner_tags", or a list of them must be given')
    expect(report).toContain("(labelNames: ['O', 'B-PER', ...])")
  })

  it('is told by any of its first records, and JSONL stays JSONL', async () => {
    expect(await labelsOf([{ tokens }, { tokens, ner_tags: ['B-PER', 'O'] }])).toEqual([
      ['train.jsonl:1', undefined],
      ['train.jsonl:2', 'B-PER O'],
    ])
    const own = jsonl({ tokens, labels: ['B-PER', 'O'], ner_tags: [7, 7] })
    const data = await folderWith({ 'train.jsonl': own })
    expect((await readExamples(join(data, 'train.jsonl'))).report.unknownFields).toEqual(['ner_tags'])
  })
})
