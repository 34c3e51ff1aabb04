import { useEngine } from '@mafjs/compile/engine'
import { evaluate, fit } from '@mafjs/train'
import { expect, test } from 'vitest'
import { type Pair, retrievalTask, scoreRetrieval } from '../retrieval-task'

/** Pairs that share two numbers, each side turned and bent in its own way, among numbers of noise. */
const pairs = (count: number): Pair[] =>
  Array.from({ length: count }, (_, i) => {
    const [angle, radius] = [i * 2.399, Math.sqrt((i + 1) / count)]
    const [x, y] = [radius * Math.cos(angle), radius * Math.sin(angle)]
    const noise = Array.from({ length: 3 }, (_, j) => Math.sin(7 * i + 11 * j))
    return {
      text: Float32Array.from([x, y, x * y, ...noise]),
      image: Float32Array.from([Math.abs(x + y), x - y, x + y, ...noise.reverse(), 1]),
    }
  })

test('learns to find the picture of a text among others, which untrained heads do not', async () => {
  const engine = await useEngine({ engine: 'onnx', threads: 1 })
  const all = pairs(260)
  const [test, train] = [all.filter((_, i) => i % 4 === 0), all.filter((_, i) => i % 4 > 0)]
  const task = retrievalTask(train[0]!, 0)
  const before = await evaluate(task, test, { engine })
  await fit(task, { engine, train, settings: { epochs: 20, batchSize: 65, learningRate: 3e-3, warmup: 0 } })
  const after = await evaluate(task, test, { engine })
  task.model.dispose()
  expect(after.score).toBeGreaterThan(0.95)
  expect(after.score).toBeGreaterThan(before.score + 0.1)
  // Among 65 one of the first five is right by lot in 8 %, with a deviation of 3 %.
  expect(after.shares[1]).toBeGreaterThan(0.5)
  expect(after.shares[4]).toBeGreaterThan(0.5)
})

test('scores follow the rank of the right one, in both directions', () => {
  // The cosine of text i with picture j is the matrix; picture 0 is the favourite of every text.
  const rows = [[0.9, 0, 0], [0.8, 0.5, 0], [0.8, 0, 0.5]] // biome-ignore format: a matrix
  const side = (row: number[]) =>
    Float32Array.from([...row, Math.sqrt(1 - row.reduce((s, v) => s + v * v, 0))])
  const axis = (i: number) => Float32Array.from([0, 1, 2, 3], at => Number(at === i))
  const { shares, score } = scoreRetrieval(rows.map((row, i) => ({ text: side(row), image: axis(i) })))
  // One text of three finds its own, but all three pictures do; five are all there are.
  expect(shares).toEqual([1 / 3, 1, 1, 1, 1, 1, score])
  // 0.9, 0.5, 0.5 against four of 0 and two of 0.8: 6 + 4 + 4 of 18 comparisons are won.
  expect(score).toBeCloseTo(14 / 18, 12)
})
