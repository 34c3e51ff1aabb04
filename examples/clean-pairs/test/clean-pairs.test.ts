import { useEngine } from '@mafjs/compile/engine'
import { areaUnderRoc } from '@mafjs/evaluate'
import { mixtureCalibration } from '@mafjs/evaluate/calibration'
import { chooseExchanges } from '@mafjs/match'
import { expect, test } from 'vitest'
import { measure, scoreHeldOut } from '../judge-pairs'
import { matchingScorer, type Pair } from '../matching-task'

test('exchanged pictures are found among pairs that nobody labelled, and how many there are', async () => {
  const engine = await useEngine({ engine: 'onnx', threads: 1 })
  const partners = chooseExchanges({
    ids: Array.from({ length: 400 }, (_, i) => i),
    rate: 0.2,
    minimum: 0,
    seed: 3,
  })
  const pairs = [...partners].map((partner, group): Pair => {
    // Either side says where a point lies, in its own way.
    const [x, y] = [Math.cos(group * 2.4), Math.sin(group * 2.4)]
    const [u, v] = [Math.cos(partner * 2.4), Math.sin(partner * 2.4)]
    return {
      text: Float32Array.of(x, y, x * y),
      image: Float32Array.of(u - v, u + v, Math.abs(u)),
      group,
      fits: partner === group,
    }
  })
  const settings = { epochs: 15, batchSize: 100, learningRate: 3e-3, warmup: 0 }
  const { judged, falseScores } = await scoreHeldOut(pairs, matchingScorer(engine, settings), 0, 2)
  const scores = judged.map(({ score }) => score)
  const of = (fits: boolean) => judged.flatMap(({ pair, score }) => (pair.fits === fits ? [score] : []))
  expect(areaUnderRoc(of(true), of(false))).toBeGreaterThan(0.75)
  const { probability, falseShare } = mixtureCalibration({ scores, falseScores })
  const fits = judged.map(({ pair }) => pair.fits!)
  const calibrated = measure(scores.map(probability), 0.5, fits)
  expect(calibrated.precision).toBeGreaterThan(0.4) // 0.2 by lot
  expect(Math.abs(falseShare - 0.2)).toBeLessThan(0.12)
  const own = measure(judged.map(({ raw }) => 1 / (1 + Math.exp(-raw))), 0.5, fits) // biome-ignore format: one line
  expect(calibrated.ECE + 0.1).toBeLessThan(own.ECE)
}, 240_000)

test('no pair is scored by a model that has seen it or a near-duplicate, nor is a text with one of its own group', async () => {
  // The one number of either side is the group: whoever has seen a pair of it can tell.
  const pairs = Array.from({ length: 40 }, (_, row): Pair => {
    const group = row < 6 ? 0 : row
    return { text: Float32Array.of(group), image: Float32Array.of(group), group }
  })
  const { judged, falseScores } = await scoreHeldOut(
    pairs,
    async (train, unseen) => {
      const seen = new Set(train.map(({ group }) => group))
      expect(train.reduce((sum, { text }) => sum + text[0]!, 0)).toBeCloseTo(0, 4) // by its own mean
      for (const { group } of unseen) expect(seen.has(group)).toBe(false)
      const values = (side: 'text' | 'image') => new Set(train.map(pair => pair[side][0]!))
      for (const { text, image } of unseen) {
        expect(values('text').has(text[0]!) || values('image').has(image[0]!)).toBe(false)
      }
      const own = unseen.length - unseen.filter(({ text, image }) => text[0] !== image[0]).length
      expect(unseen.slice(0, own).every(({ text, image }) => text[0] === image[0])).toBe(true)
      return unseen.map(({ text, image }) => text[0]! + 2 * image[0]!)
    },
    3,
  )
  expect(judged.map(({ pair }) => pair.group).sort((a, b) => a - b)).toEqual(pairs.map(({ group }) => group))
  const mean = falseScores.reduce((sum, score) => sum + score, 0) / falseScores.length
  expect(mean).toBeCloseTo(0, 6)
})

test('what was dropped is counted as by hand', () => {
  const fits = [true, true, true, false, false]
  const { ECE, ...shares } = measure([0.9, 0.8, 0.1, 0.3, 0.7], 0.5, fits)
  expect(shares).toEqual({ dropped: 2 / 5, precision: 1 / 2, recall: 1 / 2, lost: 1 / 3, AUC: 4 / 6 })
  expect(ECE).toBeCloseTo((0.1 + 0.2 + 0.9 + 0.3 + 0.7) / 5, 12)
})
