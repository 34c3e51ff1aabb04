import { useEngine } from '@mafjs/compile/engine'
import { expect, test } from 'vitest'
import { compareWays, splitPairs } from '../compare'
import { drawPairs } from '../draw-pairs'
import { choosePairs, stack } from '../features'
import { formatTable } from '../format-table'
import { readOptions } from '../options'
import { ridgeRegression } from '../ridge'
import { trainAlignment } from '../train-alignment'

const SETTING = {
  ...{ learningRate: 3e-3, epochs: 20, batchSize: 64, weightDecay: 0.01 },
  ...{ featureDropout: 0, hidden: 48, temperature: 0.1 },
}

test('aligned heads retrieve drawn pairs far above chance, untrained ones and ridge regression', async () => {
  await useEngine({ engine: 'onnx', threads: 1 })
  const splits = splitPairs(drawPairs(600, 1), { valid: 50, test: 100 })
  const ways = await compareWays(splits, { settings: [SETTING], seeds: [0, 1], penalties: [100] })
  const [chance, untrained, ridge, aligned] = ways.map(({ runs }) => runs)
  expect(chance![0]!.textToImage[2]).toBeCloseTo(0.1, 12)
  for (const run of aligned!) {
    // Chance is 0.1; the deviation of drawing lots 100 times is 0.03.
    expect(run.textToImage[2]).toBeGreaterThan(0.4)
    expect(run.imageToText[2]).toBeGreaterThan(0.4)
    expect(run.auc).toBeGreaterThan(0.75)
    for (const other of [...untrained!, ...ridge!]) expect(run.auc).toBeGreaterThan(other.auc)
  }
  for (const run of untrained!) expect(run.auc).toBeLessThan(0.65)
  const table = formatTable(ways).split('\n')
  expect(table).toHaveLength(6)
  expect(table[2]).toMatch(/^\| chance +\| 1\.0 +\| 5\.0 +\| 10\.0 /)
})

test('splits share no pair, and training pairs alone decide the standard scale', () => {
  const pairs = drawPairs(60, 2)
  const { train, valid, test: held } = splitPairs(pairs, { valid: 10, test: 20 })
  expect([train, valid, held].map(({ text }) => text.shape[0])).toEqual([30, 10, 20])
  const doubled = choosePairs(
    pairs,
    Array.from({ length: 60 }, (_, i) => (i < 20 ? 0 : i)),
  )
  expect(splitPairs(doubled, { valid: 10, test: 20 }).train).toEqual(train)
  const mean = train.image.data.reduce((sum, value) => sum + value, 0) / train.image.data.length
  expect(mean).toBeCloseTo(0, 6)
})

test('ridge regression finds a linear map, and shrinks it by the penalty', () => {
  // y = 2 x0 - x1 over orthogonal columns with squares 4: the weights shrink by 4 / (4 + penalty).
  const x = stack([[1, 1], [1, -1], [-1, 1], [-1, -1]]) // biome-ignore format: a matrix
  const y = stack([[1], [3], [-3], [-1]])
  for (const penalty of [1e-9, 4]) {
    const { text } = ridgeRegression({ text: x, image: y }, penalty)({ text: x, image: y })
    for (const [i, value] of text.data.entries()) {
      expect(value).toBeCloseTo((y.data[i]! * 4) / (4 + penalty), 6)
    }
  }
})

test('too few or too many pairs are refused, before anything is trained', async () => {
  expect(() => drawPairs(2000, 1)).toThrow(/pairs must be at most 1296/)
  const { train, valid } = splitPairs(drawPairs(60, 2), { valid: 10, test: 20 })
  await expect(trainAlignment(train, valid, SETTING, 0)).rejects.toThrow(/must have at least 64 pairs/)
})

test('options that do not go together are refused by name', () => {
  expect(() => readOptions(['--data', 'pairs'])).toThrow(/--text-encoder must be given with --data/)
  expect(() => readOptions(['--test', 'none'])).toThrow(/--test must be a positive whole number/)
  expect(readOptions(['--seeds', '2'])).toMatchObject({ seeds: 2, pairs: 1200, test: 200 })
})
