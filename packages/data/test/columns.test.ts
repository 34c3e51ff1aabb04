import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { conll, firstError, type Place, readDataset } from '../src'
import { folderWith } from './files'

const said = (text: string, options: Partial<Place> = {}) => {
  const { posts, problems } = conll.parse(text.split('\n'), { file: 'a', ...options })
  const error = firstError('a', problems)
  if (error) throw error
  return posts.map(({ id, words, labels, pictures }) => [id, words.join(' '), labels?.join(' '), ...pictures])
}

// Fine-grained MNER: a coarse label and a fine one.
const FMNERG = 'IMGID:7\nRob B-person B-actor\nsleeps O O\n'

const PLUS = [
  '# global.columns = ID FORM UPOS NER MISC',
  '# newdoc id = d1',
  '# sent_id = s-1',
  '# text = I met O',
  '1-2\tIm\t_\tO\t_',
  '1\tRob\tPROPN\tB-PER\t_',
  '2\tsleeps\tVERB\tO\tSpaceAfter=No',
  '2.1\tnow\tADV\tO\t_',
  '',
].join('\n')

// GermEval's: a number, the word, an outer label and an inner one.
const GERMEVAL = '# http://a.b [2009-10-17]\n1\tRob\tB-PER\tO\n2\tof\tI-PER\tO\n3\tYork\tI-PER\tB-LOC\n'

describe('files of columns', () => {
  it.each<[string, string, Partial<Place>, unknown[]]>([
    ['the last label', FMNERG, {}, ['7', 'Rob sleeps', 'B-actor O', '7']],
    ['the second column', FMNERG, { column: 2 }, ['7', 'Rob sleeps', 'B-person O', '7']],
    ['the second column, as a text', FMNERG, { column: '2' }, ['7', 'Rob sleeps', 'B-person O', '7']],
    ['CoNLL-U Plus by name', PLUS, { column: 'NER' }, ['s-1', 'Rob sleeps', 'B-PER O']],
    ['outer labels', GERMEVAL, { wordColumn: 2, column: 3 }, ['a:2', 'Rob of York', 'B-PER I-PER I-PER']],
    ['inner labels', GERMEVAL, { wordColumn: 2 }, ['a:2', 'Rob of York', 'O O B-LOC']],
    [
      'MultiCoNER',
      '# id 5a-1\tdomain=train\nrob _ _ B-PER\nsleeps _ _ O\n',
      {},
      ['5a-1', 'rob sleeps', 'B-PER O'],
    ],
    ['a comment', '# id: 9\n#\nRob B-PER\n# O\n', {}, ['9', 'Rob #', 'B-PER O']],
    [
      'Label Studio',
      '-DOCSTART- -X- O\nRob -X- _ B-PER\nsleeps -X- _ O\n',
      {},
      ['a:2', 'Rob sleeps', 'B-PER O'],
    ],
  ])('%s', (_, text, options, post) => {
    expect(said(text, options)).toEqual([post])
  })

  it.each<[string, Partial<Place>, string]>([
    [
      FMNERG,
      { column: 4 },
      'a:1 must have the column that column says. Received: "4" of 3 columns. Give its number, from 1 to 3',
    ],
    [
      FMNERG,
      { column: 'NER' },
      'Received: "NER" of 3 columns. Give its number, from 1 to 3; names are known where',
    ],
    [PLUS, { column: 'ner' }, '"ner" of 5 columns (ID, FORM, UPOS, NER, MISC)'],
    [GERMEVAL, {}, 'Received: numbers in the first column of every line. Say which column has the words'],
  ])('what no column fits is refused: %#', (text, options, error) => {
    expect(() => said(text, options)).toThrow(error)
  })

  it.each(['train.tsv', 'train.conll'])('is read by its lines, not as a table: %s', async name => {
    const data = await folderWith({ [name]: 'Rob\tB-PER\nsleeps\tO\n\ntext\tO\n\n' })
    const { train } = await readDataset({ data })
    expect(train!.examples.map(({ labels }) => labels)).toEqual([['B-PER', 'O'], ['O']])
  })

  it('what CoNLL-U has beyond words is counted', async () => {
    const data = await folderWith({ 'train.txt': PLUS })
    const { train } = await readDataset({ data, column: 'NER' })
    expect(train!.report.notCarried).toEqual(['2 lines of several words or of none in writing'])
    await expect(readDataset({ data, column: 0 })).rejects.toThrow(
      'column must be the number of a column from 1',
    )
  })

  it('is written with word and label where other columns were read', () => {
    const { posts } = conll.parse(FMNERG.split('\n'), { file: 'a', column: 2 })
    expect(posts.map(conll.write).join('')).toBe('IMGID:7\nRob\tB-person\nsleeps\tO\n\n')
  })

  it('the cases are read', () => {
    const folder = join(import.meta.dirname, '../../../../shared/cases/conll-four-columns')
    let files: string[]
    try {
      files = ['label-studio.txt', 'multiconer.txt', 'conll2003.txt'].map(name =>
        readFileSync(join(folder, name), 'utf8'),
      )
    } catch {
      return console.warn(`skipped: ${folder} is not there`)
    }
    expect(files.map(text => said(text).map(([, words, labels]) => [words, labels]))).toEqual([
      [['I met Rob in Oslo', 'O O B-PER O B-LOC']],
      [['rob sleeps', 'B-PER O']],
      [['Rob sleeps', 'I-PER O']],
    ])
  })
})
