import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  conll,
  firstError,
  jsonl,
  labelScheme,
  readDataset,
  readExamples,
  reportLines,
  typesOf,
} from '../src'
import { doctorRun } from '../src/doctor/doctor-run'
import { folderWith } from './files'

const labelsIn = (text: string): string[][] => {
  const { posts, problems } = conll.parse(text.split('\n'), { file: 'a.txt' })
  const error = firstError('a.txt', problems)
  if (error) throw error
  return posts.map(({ labels }) => labels!)
}
const column = (labels: string): string =>
  labels
    .split(' ')
    .map((label, at) => `w${at}\t${label}`)
    .join('\n')

describe('labels of other schemes', () => {
  it.each([
    ['BIOES', 'S-PER O B-LOC E-LOC B-ORG I-ORG E-ORG', 'B-PER O B-LOC I-LOC B-ORG I-ORG I-ORG'],
    ['BMES', 'S-PER O B-LOC M-LOC E-LOC', 'B-PER O B-LOC I-LOC I-LOC'],
    ['BILOU', 'U-PER O B-LOC I-LOC L-LOC U-LOC', 'B-PER O B-LOC I-LOC I-LOC B-LOC'],
    ['the type first', 'PER-B O LOC-B LOC-I E-MAIL-B', 'B-PER O B-LOC I-LOC B-E-MAIL'],
    ['underscores', 'B_PER I_PER O S_LOC', 'B-PER I-PER O B-LOC'],
    ['the type first, with underscores', 'PER_B PER_I O', 'B-PER I-PER O'],
    [
      'types with signs of their own',
      'B-E-MAIL I-E-MAIL B-a_b B-VITAMIN-B',
      'B-E-MAIL I-E-MAIL B-a_b B-VITAMIN-B',
    ],
  ])('%s become BIO', (_, labels, bio) => {
    expect(labelsIn(column(labels))).toEqual([bio.split(' ')])
    const post = { tokens: labels.split(' ').map((_, at) => `w${at}`), labels: labels.split(' ') }
    expect(jsonl.parse([JSON.stringify(post)], { file: 'a' }).posts[0]!.labels).toEqual(bio.split(' '))
  })

  it('are refused where the letter could be on either side, or is on both', () => {
    expect(() => labelsIn(column('E-MAIL-B'))).toThrow(
      'a.txt:1 must have a label that can be read in one way.',
    )
    expect(() => labelsIn(column('B-PER PER-B'))).toThrow(
      'a.txt:2 must have labels with the letter before the type, as those above. Received: "PER-B".',
    )
  })

  it('are counted, and written as BIO', async () => {
    const data = await folderWith({ 'train.txt': 'Rob\tS-PER\nin\tO\nNew\tB-LOC\nYork\tE-LOC\n\n' })
    const { report } = await readExamples(join(data, 'train.txt'))
    expect(report.labelsConverted).toBe(2)
    const fix = join(await folderWith(), 'copy')
    await doctorRun({ data, fix })
    const { train } = await readDataset({ data: join(fix, 'data') })
    expect(train!.examples[0]!.labels).toEqual(['B-PER', 'O', 'B-LOC', 'I-LOC'])
    expect(train!.report.labelsConverted).toBe(0)
  })
})

describe('types with spaces', () => {
  it('are read, written and known to a scheme', () => {
    const line = '{"text":"I met Rob","entities":[{"type":"Invoice Number","start":6,"end":9}]}'
    const { posts } = jsonl.parse([line], { file: 'a' })
    expect(posts[0]!.labels).toEqual(['O', 'O', 'B-Invoice Number'])
    expect(labelScheme(typesOf(posts)).labels).toEqual(['O', 'B-Invoice Number', 'I-Invoice Number'])
    const text = conll.write(posts[0]!)
    expect(labelsIn(text)).toEqual([posts[0]!.labels])
    expect(conll.write(conll.parse(text.split('\n'), { file: 'a' }).posts[0]!)).toBe(text)
  })
})

describe('columns', () => {
  // As the CoNLL-2003 task, Label Studio and MultiCoNER write them.
  it.each([
    ['-DOCSTART- -X- -X- O\n\nRob NNP B-NP B-PER\nsleeps VBZ B-VP O\n', [['Rob', 'sleeps']]],
    ['-DOCSTART- -X- O\nI -X- _ O\nRob -X- _ B-PER\n-DOCSTART-\nAda -X- _ B-PER\n', [['I', 'Rob'], ['Ada']]],
    ['# id 5a-1\tdomain=train\nrob _ _ B-PER\nsleeps _ _ O\n', [['rob', 'sleeps']]],
    ['-DOCSTART-\tO\n\n# O\n#NBA B-ORG\n', [['#', '#NBA']]],
    ['Rob   NNP   B-PER\n', [['Rob']]],
  ])('%j: the first is the word, the last its label', (text, words) => {
    const { posts, problems } = conll.parse(text.split('\n'), { file: 'a' })
    expect(firstError('a', problems)).toBeUndefined()
    expect(posts.map(post => post.words)).toEqual(words)
    expect(posts.flatMap(({ labels }) => labels)).toContain(/ORG/.test(text) ? 'B-ORG' : 'B-PER')
  })

  it('are kept where a label is mended', () => {
    const [post] = conll.parse(['Rob NNP B-NP S-PER', 'naps\tx y\t_\tO'], { file: 'a' }).posts
    expect(conll.write(post!)).toBe('Rob NNP B-NP B-PER\nnaps\tx y\t_\tO\n\n')
  })
})

describe('IOB1', () => {
  const iob1 = 'I\tO\nmet\tO\nRob\tI-PER\nLima\tI-PER\nAna\tB-PER\nin\tO\nOslo\tI-LOC\n\n'

  it('is refused with the count and the way out, and read where it is named', async () => {
    const data = await folderWith({ 'train.txt': iob1 })
    await expect(readDataset({ data })).rejects.toThrow(
      /train\.txt:3 must have labels of the BIO scheme, in which B- opens an entity\. Received: 2 of 3 entities open with I-, as in IOB1\. Read it as that \(scheme: 'iob1'\)/,
    )
    const { train } = await readDataset({ data, scheme: 'iob1' })
    expect(train!.examples[0]!.labels).toEqual(['O', 'O', 'B-PER', 'I-PER', 'B-PER', 'O', 'B-LOC'])
    const fix = join(await folderWith(), 'copy')
    const { findings } = await doctorRun({ data, fix })
    expect(findings[0]).toMatchObject({ code: 'iob1', line: 3, message: '2 of 3 entities open with I-' })
    expect((await readDataset({ data: join(fix, 'data') })).train!.examples[0]!.labels).toEqual(
      train!.examples[0]!.labels,
    )
  })

  it('is only a note where no more than half of the entities open so', async () => {
    const data = await folderWith({ 'train.txt': 'Rob\tI-PER\nnaps\tO\nAda\tB-PER\nnaps\tO\n\n' })
    const { train } = await readDataset({ data })
    expect(train!.examples[0]!.labels![0]).toBe('I-PER')
    expect(reportLines(train!)).toContain('train: 1 label I- that continues no entity of its type')
    await expect(readDataset({ data, scheme: 'iob2' as 'bio' })).rejects.toThrow(
      'scheme must be one of bio, iob1. Received: iob2',
    )
  })
})
