import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readDataset, readExamples } from '../src'
import { unreadFiles } from '../src/dataset'
import { doctorRun } from '../src/doctor'
import { entitiesOf } from './entities-of'
import { folderWith } from './files'

const TEXT = '😀 I met Rob in\r\nNew York.\n'
const ANN = [
  'T1\tPER 8 11\tRob',
  // An entity that goes on in the next line.
  'T2\tLOC 16 19;20 24\tNew York',
  'T3\tMeet 4 7\tmet',
  'E1\tMeet:T3 Who:T1',
  'R1\tIn Arg1:T1 Arg2:T2',
  '*\tAlias T1 T2',
  'A1\tNegation E1',
  'M2\tSure T1',
  'N1\tReference T1 Wikipedia:1\tRob',
  '#1\tAnnotatorNotes T1\t?',
].join('\n')

async function corpus(files: Record<string, string>): Promise<string> {
  const data = await folderWith()
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(data, name)), { recursive: true })
    await writeFile(join(data, name), text)
  }
  return data
}

describe('standoff of brat', () => {
  it.each(['a.ann', 'a.txt'])('a document is read by either of its files: %s', async name => {
    const data = await corpus({ 'a.txt': TEXT, 'a.ann': `${ANN}\r\n` })
    const { examples, report } = await readExamples(join(data, name))
    expect(examples.map(post => [post.id, post.source.file, ...entitiesOf(post)])).toEqual([
      ['a', join(data, 'a.ann'), 'PER Rob', 'LOC New York'],
    ])
    expect(report.notCarried).toEqual([
      '1 events with their triggers',
      '1 relations',
      '1 equivalences',
      '2 attributes',
      '1 normalizations',
      '1 notes',
    ])
  })

  it.each([
    ['T1\tLOC 16 20\tNew ', ':1 must have entities that begin and end where its words do'],
    [
      'T1\tPER 8 11;16 19\tRob New',
      ':1 must have entities in one piece. Received: line 1, a discontinuous PER (8 11;16 19)',
    ],
    ['T1\tPER 8 11\tBob', 'has a "text" that is not there'],
    ['T1\tPER 8 11\tRob\n\nT2\tNAME 8 11\tRob', ':1 must have entities that do not overlap'],
    ['\nT1 PER 8 11', ':1 must have lines of brat in its .ann. Received: line 2, "T1 PER 8 11"'],
  ])('%j is refused, by its document', async (ann, error) => {
    const data = await corpus({
      'train/a.txt': TEXT,
      'train/b.txt': TEXT,
      'train/a.ann': '',
      'train/b.ann': ann,
    })
    const read = readDataset({ data })
    await expect(read).rejects.toThrow(join(data, 'train/b.ann'))
    await expect(read).rejects.toThrow(error)
  })

  it('folders of documents are splits, or one is all', async () => {
    const files = {
      'b.txt': 'Rob',
      'b.ann': 'T1\tPER 0 3\tRob',
      'a.txt': 'x',
      'a.ann': '',
      'annotation.conf': '',
    }
    const of = (folder: string) =>
      Object.fromEntries(Object.entries(files).map(([name, text]) => [folder + name, text]))
    const splits = await corpus({ ...of('train/'), ...of('dev/') })
    const { train, valid } = await readDataset({ data: splits, required: ['train', 'valid'] })
    for (const split of [train, valid]) {
      expect(split!.examples.map(({ id, labels }) => [id, labels])).toEqual([
        ['a', ['O']],
        ['b', ['B-PER']],
      ])
    }
    expect(train!.name).toBe('train')
    const one = await corpus(of(''))
    expect((await readDataset({ data: one })).train!.examples).toHaveLength(2)
    expect(await unreadFiles(one)).toEqual(['annotation.conf'])
    const test = await readDataset({ data: join(await corpus(of('test/')), 'test'), required: ['test'] })
    expect(test.test!.examples).toHaveLength(2)
    const paired = await corpus({ 'train.txt': 'Rob', 'train.ann': 'T1\tPER 0 3\tRob' })
    expect((await readDataset({ data: paired })).train!.examples[0]!.labels).toEqual(['B-PER'])
  })

  it('the doctor names the document, and writes JSONL', async () => {
    const data = await corpus({
      'train/a.ann': 'T1\tPER 1 3\tob',
      'train/a.txt': 'Rob',
      'train/b.ann': '',
      'train/b.txt': 'x',
      'train/c.ann': '',
    })
    const fix = join(await folderWith(), 'fixed')
    const { findings, copy } = await doctorRun({ data, fix })
    expect(
      findings.filter(({ severity }) => severity === 'error').map(({ code, file }) => [code, file]),
    ).toEqual([
      ['unreadable-line', join(data, 'train/c.ann')],
      ['misplaced-entity', join(data, 'train/a.ann')],
    ])
    expect(
      (await readDataset({ data: join(copy!.folder, 'data') })).train!.examples.map(({ id }) => id),
    ).toEqual(['b'])
  })
})
