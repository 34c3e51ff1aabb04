import '@tensorflow/tfjs-backend-cpu'
import {
  bioConstraints,
  crfLogLikelihood,
  crfLogPartition,
  crfMarginals,
  readLattice,
  spanProbabilities,
  viterbi,
} from '@mafjs/crf'
import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { allPaths, logSumOf, randomBatch, scoreOf } from './batch'

await tf.setBackend('cpu')

const names = ['O', 'B-PER', 'I-PER', 'B-LOC', 'I-LOC']
const lengths = [5, 1, 0, 3, 2]

/** BIO written a second time, over whole paths of names. */
const isLegal = (path: readonly number[]): boolean =>
  path.every((label, t) => {
    const name = names[label]!
    if (!name.startsWith('I-')) return true
    const before = t > 0 ? names[path[t - 1]!]! : ''
    return before === `B-${name.slice(2)}` || before === name
  })

describe.each([0, 1, 2])('against all paths, seed %i', seed => {
  const { tensors, numbers } = randomBatch({ lengths, labels: names.length, seed, scale: 3 })

  test('the likelihood counts every path, illegal ones too', () => {
    const actual = crfLogLikelihood(tensors).arraySync()
    for (const [sentence, length] of lengths.entries()) {
      const gold = numbers.labels[sentence]!.slice(0, length)
      const expected =
        length === 0
          ? 0
          : scoreOf(numbers, sentence, gold) - logSumOf(allPaths(numbers, sentence).map(({ score }) => score))
      expect(actual[sentence]).toBeCloseTo(expected, 4)
    }
  })

  describe.each([
    { rules: 'none', constraints: undefined, legal: () => true },
    { rules: 'bio', constraints: bioConstraints(names), legal: isLegal },
  ])('constraints $rules', ({ constraints, legal }) => {
    test('Viterbi finds the best legal path', async () => {
      const { paths, scores } = viterbi(await readLattice({ ...tensors, constraints }))
      for (const sentence of lengths.keys()) {
        const best = allPaths(numbers, sentence, legal).reduce((a, b) => (b.score > a.score ? b : a))
        expect(paths[sentence]).toEqual(best.path)
        expect(scores[sentence]).toBeCloseTo(best.score, 10)
      }
    })

    test('marginals are the share of legal paths through each label', async () => {
      const marginals = crfMarginals(await readLattice({ ...tensors, constraints }))
      for (const [sentence, length] of lengths.entries()) {
        expect(marginals[sentence]).toHaveLength(length)
        const paths = allPaths(numbers, sentence, legal)
        const partition = logSumOf(paths.map(({ score }) => score))
        for (let t = 0; t < length; t++) {
          for (const label of names.keys()) {
            const through = paths.filter(({ path }) => path[t] === label)
            const expected = through.reduce((sum, { score }) => sum + Math.exp(score - partition), 0)
            expect(marginals[sentence]![t]![label]).toBeCloseTo(expected, 10)
          }
        }
      }
    })

    test('the partition is the sum over legal paths', async () => {
      const actual = crfLogPartition(await readLattice({ ...tensors, constraints }))
      for (const [sentence, length] of lengths.entries()) {
        const expected = logSumOf(allPaths(numbers, sentence, legal).map(({ score }) => score))
        expect(actual[sentence]).toBeCloseTo(length === 0 ? 0 : expected, 10)
      }
    })

    test('span probabilities are the share of legal paths with exactly that run', async () => {
      const inside = (count: number, label: number) => new Array<number>(count).fill(label)
      const spans = lengths.map(length =>
        Array.from({ length }, (_, start) => start).flatMap(start =>
          Array.from({ length: length - start }, (_, more) => more).flatMap(more => [
            { start, labels: [1, ...inside(more, 2)], notNext: 2 },
            { start, labels: [3, ...inside(more, 4)], notNext: 4 },
            { start, labels: [0, ...inside(more, 1)] },
          ]),
        ),
      )
      const actual = spanProbabilities(await readLattice({ ...tensors, constraints }), spans)
      for (const sentence of lengths.keys()) {
        const paths = allPaths(numbers, sentence, legal)
        const partition = logSumOf(paths.map(({ score }) => score))
        for (const [index, { start, labels, notNext }] of spans[sentence]!.entries()) {
          const holds = ({ path }: { path: number[] }): boolean =>
            labels.every((label, i) => path[start + i] === label) &&
            (notNext === undefined || path[start + labels.length] !== notNext)
          const expected = paths
            .filter(holds)
            .reduce((sum, { score }) => sum + Math.exp(score - partition), 0)
          expect(actual[sentence]![index]).toBeCloseTo(expected, 10)
        }
      }
    })
  })
})
