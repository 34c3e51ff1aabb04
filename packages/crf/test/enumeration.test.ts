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
import { registerGradients } from '@mafjs/tensor/gradients'
import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { allPaths, logSumOf, type Numbers, randomBatch, scoreOf } from './batch'
import { gradientsOf } from './gradients'

registerGradients()
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

  test('with alternatives it counts every path of labels that may be right, and so do its gradients', () => {
    const alternatives = tf.cast(
      tf.greater(tf.randomUniform([lengths.length, 5, names.length], 0, 1, 'float32', seed), 0.6),
      'float32',
    ) as tf.Tensor3D
    const open = alternatives.arraySync()
    const right = (sentence: number) => (path: readonly number[]) =>
      path.every((label, t) => open[sentence]![t]![label] || label === numbers.labels[sentence]![t])
    const expected = (scores: Numbers): number[] =>
      lengths.map((length, sentence) => {
        const sum = (legal?: (path: readonly number[]) => boolean) =>
          logSumOf(allPaths(scores, sentence, legal).map(({ score }) => score))
        return length === 0 ? 0 : sum(right(sentence)) - sum()
      })
    const actual = crfLogLikelihood({ ...tensors, alternatives }).arraySync()
    for (const [sentence, value] of expected(numbers).entries())
      expect(actual[sentence]).toBeCloseTo(value, 4)
    const all = tf.ones([lengths.length, 5, names.length]) as tf.Tensor3D
    for (const value of crfLogLikelihood({ ...tensors, alternatives: all }).arraySync()) {
      expect(value).toBeCloseTo(0, 4)
    }

    const gradient = gradientsOf({ ...tensors, alternatives })
    const step = 1e-4
    const slope = (row: (scores: Numbers) => number[], label: number): number => {
      const [up, down] = [step, -step].map(by => {
        const scores = structuredClone(numbers)
        row(scores)[label]! += by
        return -expected(scores).reduce((sum, value) => sum + value)
      })
      return (up! - down!) / (2 * step)
    }
    for (const label of names.keys()) {
      const emission = slope(({ emissions }) => emissions[0]![2]!, label)
      expect(gradient.emissions[0]![2]![label]).toBeCloseTo(emission, 3)
      const transition = slope(({ transitions }) => transitions[1]!, label)
      expect(gradient.transitions[1]![label]).toBeCloseTo(transition, 3)
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
