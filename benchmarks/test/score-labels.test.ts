import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compareRun } from '@mafjs/cli'
import { readDataset, readEvaluation } from '@mafjs/data'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { resultsCommand } from '../real-data/options'
import { scoreLabels } from '../real-data/score-labels'
import { withoutTest, writePosts } from '../real-data/write-posts'

const post = (...lines: [word: string, label: string][]): string =>
  lines.map(line => `${line.join('\t')}\n`).join('')
const train = post(['Rob', 'B-PER'], ['sleeps', 'O'])
const test = [
  post(['Rob', 'B-PER'], ['Ray', 'I-PER'], ['sleeps', 'O']),
  post(['In', 'O'], ['Oslo', 'B-LOC']),
].join('\n')

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maf-results-'))
  await writeFile(join(folder, 'train.txt'), train)
  await writeFile(join(folder, 'test.txt'), test)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const score = async (labels: string[][], out: string) => {
  const file = join(folder, 'labels.jsonl')
  await writeFile(file, labels.map(row => `${JSON.stringify(row)}\n`).join(''))
  const dataset = await readDataset({ data: folder })
  const posts = { train: dataset.train!, split: dataset.test!, data: folder }
  return scoreLabels({ ...posts, labels: file, model: 'other', encoder: {}, seed: 5, out: join(folder, out) })
}

const RIGHT = [
  ['B-PER', 'I-PER', 'O'],
  ['O', 'B-LOC'],
]

describe('scoreLabels', () => {
  it('scores labels of another program under both rules', async () => {
    // By the strict rule the second post has no entity; by the lenient one the stray I- is one, and right.
    const { strict, lenient, seen, context } = await score(
      [
        ['B-PER', 'I-PER', 'O'],
        ['O', 'I-LOC'],
      ],
      'a',
    )
    expect(strict.micro).toMatchObject({ support: 2, predicted: 1, correct: 1 })
    expect(lenient.micro).toMatchObject({ support: 2, predicted: 2, correct: 2, f1: 1 })
    expect(seen).not.toBeNull()
    expect(context).toMatchObject({ sentences: 2, seed: 5, model: 'other' })
  })

  it('writes what compare reads', async () => {
    await score(
      [
        ['B-PER', 'I-PER', 'O'],
        ['O', 'I-LOC'],
      ],
      'a',
    )
    await score(RIGHT, 'b')
    expect((await readEvaluation(join(folder, 'b'))).predictions).toHaveLength(2)
    const { strict } = await compareRun({ a: join(folder, 'a'), b: join(folder, 'b'), rounds: 50 })
    expect(strict.difference).toBeCloseTo(1 / 3, 12)
  })

  it('refuses labels of other posts', async () => {
    await expect(score([['O', 'O', 'O'], ['O']], 'c')).rejects.toThrow(/first that differs is number 2/)
    await expect(score([['O', 'O', 'O']], 'c')).rejects.toThrow(/1 posts/)
    await expect(score([...RIGHT, ['O']], 'c')).rejects.toThrow(/3 posts/)
  })
})

describe('the command', () => {
  it('has all experiments unless some are named, and knows their names', () => {
    const read = (...words: string[]) => {
      const command = resultsCommand()
        .exitOverride()
        .configureOutput({ writeErr() {} })
      return command.parse(words, { from: 'user' }).processedArgs[0]
    }
    expect(read()).toHaveLength(4)
    expect(read('twitter2017-minilm')).toEqual(['twitter2017-minilm'])
    expect(() => read('twitter2016')).toThrow(/twitter2017-minilm/)
    expect(() => read('--seeds', '0')).toThrow(/--seeds/)
  })

  it('keeps the test split away from the choice of settings', async () => {
    const data = await withoutTest(folder, join(folder, 'validation'))
    expect(Object.keys(await readDataset({ data }))).toEqual(['train'])
  })

  it('gives the opponent the words and labels that ours reads', async () => {
    const dataset = await readDataset({ data: folder })
    await writePosts(join(folder, 'posts'), dataset)
    const again = await readDataset({ data: join(folder, 'posts') })
    const shown = ({ examples }: (typeof dataset)['test'] & object) =>
      examples.map(({ words, labels }) => ({ words, labels }))
    expect(shown(again.test!)).toEqual(shown(dataset.test!))
  })
})
