import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MafAnnotator } from '@mafjs/ner-maf'
import { describe, expect, it, onTestFinished } from 'vitest'
import { calibrationOf } from '../posts-en/calibration'
import { isBetter, nameOf, type Trial } from '../posts-en/choose'
import { meanNamesF1 } from '../posts-en/set-scores'
import { FIRST, WORTH_A_TYPE } from '../posts-en/settings'
import { writeVariant } from '../posts-en/variants'

const trial = (f1: number, namesF1: number, change: Partial<Trial['choice']> = {}): Trial => ({
  ...{ choice: { ...FIRST, ...change }, f1, namesF1 },
  sets: [],
})

describe('what validation chooses', () => {
  it('is the higher F1, but a type is given up only for much better names', () => {
    const best = trial(0.6, 0.65)
    expect(isBetter(trial(0.61, 0.6, { shapes: true }), best)).toBe(true)
    expect(isBetter(trial(0.6, 0.9, { shapes: true }), best)).toBe(false)
    const without = { missing: 'left out' } as const
    expect(isBetter(trial(0.1, 0.65 + 0.9 * WORTH_A_TYPE, without), best)).toBe(false)
    expect(isBetter(trial(0.1, 0.65 + 1.1 * WORTH_A_TYPE, without), best)).toBe(true)
    expect(nameOf({ missing: 'left out', shapes: true, learningRate: 1e-4 })).toBe('left-out-shapes-0.0001')
  })

  it('is tried on the training split as its way of training has it, and on one validation split', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'maf-posts-en-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const line = (labels: string[], labelledTypes?: string[]) =>
      JSON.stringify({ id: '1', tokens: labels.map((_, i) => `w${i}`), labels, labelledTypes })
    const lines = [line(['B-MISC', 'I-MISC', 'B-PER']), line(['O', 'B-LOC'], ['PER', 'LOC', 'ORG'])]
    for (const split of ['train', 'valid'])
      await writeFile(join(folder, `${split}.jsonl`), `${lines.join('\n')}\n`)
    const read = async (missing: 'open' | 'none' | 'left out', split: string) => {
      const text = await readFile(join(await writeVariant(folder, folder, missing), `${split}.jsonl`), 'utf8')
      return text
        .trimEnd()
        .split('\n')
        .map(one => JSON.parse(one))
    }
    const whole = lines.map(one => JSON.parse(one))
    expect(await read('open', 'train')).toEqual(whole)
    expect(await read('none', 'valid')).toEqual(whole)
    const [first, second] = await read('none', 'train')
    expect([first.labels, second.labels]).toEqual(whole.map(({ labels }) => labels))
    expect(second).not.toHaveProperty('labelledTypes')
    const [names] = await read('left out', 'train')
    expect(names).toMatchObject({ labels: ['O', 'O', 'B-PER'] })
    // The model that has no MISC is not stopped early by those that it cannot find.
    expect((await read('left out', 'valid'))[0]).toMatchObject({
      labels: ['O', 'O', 'B-PER'],
      labelledTypes: ['PER', 'LOC', 'ORG'],
    })
  })
})

it('F1 of names counts PER, LOC and ORG together', () => {
  const counts = (support: number, predicted: number, correct: number) => ({ support, predicted, correct })
  const perType = { PER: counts(2, 3, 2), LOC: counts(2, 1, 1), MISC: counts(9, 9, 0) }
  const scores = [{ strict: { perType } }] as unknown as Parameters<typeof meanNamesF1>[0]
  expect(meanNamesF1(scores)).toBeCloseTo((2 * 3) / (4 + 4), 12)
})

it('calibration counts what was found where posts were labelled, by words and type', async () => {
  const found = [
    { type: 'PER', text: 'Ada Lovelace', start: 0, end: 12, score: 0.9 },
    { type: 'MISC', text: 'Bar', start: 16, end: 19, score: 0.8 },
    { type: 'LOC', text: 'Rome', start: 20, end: 24, score: 0.7 },
  ]
  const words = ['Ada', 'Lovelace', 'in', 'Bar', 'Rome']
  const maf = {
    async *annotateMany(posts: Iterable<{ text: string }>) {
      for (const post of posts) yield { post, annotation: { entities: found, match: null, cutWords: 0 } }
    },
  } as unknown as MafAnnotator
  const source = { file: 'a', line: 1 }
  const labels = ['B-PER', 'I-PER', 'O', 'O', 'B-ORG']
  const post = { id: '1', words, labels, labelledTypes: ['PER', 'LOC', 'ORG'], source }
  const { entities, bins, error } = await calibrationOf(maf, [post])
  // The MISC is of a type that nobody looked for.
  expect([entities, bins.map(({ isTrue }) => isTrue)]).toEqual([2, [0, 1]])
  expect(error).toBeCloseTo((0.7 + 0.1) / 2, 12)
})
