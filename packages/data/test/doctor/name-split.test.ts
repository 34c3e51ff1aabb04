import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fingerprint } from '../../src/doctor/fingerprint'
import { EDITIONS, type KnownSplit, PUBLISHED } from '../../src/doctor/known-data-sets'
import { nameSplit } from '../../src/doctor/name-split'
import { readPosts } from '../../src/doctor/read-posts'
import { folderWith } from '../files'

const CONLL = 'IMGID:7\nRob\tB-OTHER\nand\tO\nAna\tB-PER\n\nIMGID:8\nAna\tI-PER\n'

const fingerprintOf = async (name: string, text: string) => {
  const folder = await folderWith({ [name]: text })
  return fingerprint((await readPosts(join(folder, name)))[0]!)
}

const published = async (): Promise<KnownSplit> => ({
  ...(await fingerprintOf('test.txt', CONLL)),
  name: 'Tiny',
})

test('the same words and labels are the same data set, however they are written', async () => {
  const known = await published()
  expect(known).toMatchObject({ posts: 2, words: 4, entities: { MISC: 1, PER: 1 } })
  const post = (id: string, tokens: string[], labels: string[]): string =>
    JSON.stringify({ id, tokens, labels })
  const forms = [
    ['valid.txt', CONLL.replaceAll('\t', ' ').replaceAll('\n', '\r\n')],
    ['any.txt', CONLL.replace('OTHER', 'MISC')],
    [
      'train.jsonl',
      [post('1', ['Rob', 'and', 'Ana'], ['B-MISC', 'O', 'B-PER']), post('2', ['Ana'], ['I-PER'])].join('\n'),
    ],
  ] as const
  for (const [name, text] of forms) {
    expect(nameSplit(await fingerprintOf(name, text), [known])).toEqual({
      name: 'Tiny test',
      isPublished: true,
      differences: [],
    })
  }
})

test('the same posts with other labels or words are an edited one, and how is said', async () => {
  const known = await published()
  const about = 'a B- was added'
  const edition = { name: 'Tiny', split: 'test', entities: { MISC: 1, PER: 2 }, about } as const
  const differences = async (text: string) =>
    nameSplit(await fingerprintOf('test.txt', text), [known], [edition])?.differences
  expect(await differences(CONLL.replace('I-PER', 'B-PER'))).toEqual([
    '3 entities instead of 2 (PER 2 instead of 1)',
    'the counts of an edition in which a B- was added',
  ])
  expect(await differences(CONLL.replace('B-PER', 'B-LOC'))).toEqual([
    '2 entities instead of 2 (PER 0 instead of 1, LOC 1 instead of 0)',
  ])
  expect(await differences(CONLL.replace('and\tO\n', ''))).toEqual([
    '3 words instead of 4',
    'the same counts of entities, but other words or labels',
  ])
  expect(await differences(CONLL.replace('IMGID:8', 'IMGID:9').replace('and', 'or'))).toBeUndefined()
})

test('every edition is one of a published split, with more entities than that', () => {
  const total = (counts: Readonly<Record<string, number>>): number =>
    Object.values(counts).reduce((sum, count) => sum + count, 0)
  for (const { name, split, entities } of EDITIONS) {
    const known = PUBLISHED.find(one => one.name === name && one.split === split)!
    expect(total(entities)).toBeGreaterThan(total(known.entities))
  }
  expect(new Set(PUBLISHED.flatMap(({ digest, ids }) => [digest, ids])).size).toBe(2 * PUBLISHED.length)
})
