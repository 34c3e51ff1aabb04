import '@tensorflow/tfjs-backend-cpu'
import { type CrfInputs, type CrfScores, crfLogLikelihood, readLattice, viterbi } from '@mafjs/crf'
import { registerGradients } from '@mafjs/tensor/gradients'
import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { allPaths, logSumOf, type Numbers, randomBatch, scoreOf } from './batch'
import { differentiated, gradientsOf } from './gradients'

registerGradients()
await tf.setBackend('cpu')

/** The summed negative log likelihood by enumeration, in double precision. */
const lossByEnumeration = (numbers: Numbers): number =>
  numbers.lengths.reduce(
    (sum, length, sentence) =>
      sum +
      logSumOf(allPaths(numbers, sentence).map(({ score }) => score)) -
      scoreOf(numbers, sentence, numbers.labels[sentence]!.slice(0, length)),
    0,
  )

test('gradients equal central differences of the enumerated loss', () => {
  const { tensors, numbers } = randomBatch({ lengths: [4, 1, 3], labels: 3, seed: 5 })
  const actual = gradientsOf(tensors)
  const check = (gradient: unknown, values: unknown): void => {
    for (const [i, value] of (values as unknown[]).entries()) {
      if (typeof value !== 'number') {
        check((gradient as unknown[])[i], value)
        continue
      }
      const row = values as number[]
      const at = (shift: number): number => {
        row[i] = value + shift
        const loss = lossByEnumeration(numbers)
        row[i] = value
        return loss
      }
      expect((gradient as number[])[i]).toBeCloseTo((at(1e-4) - at(-1e-4)) / 2e-4, 5)
    }
  }
  for (const name of differentiated) check(actual[name], numbers[name])
})

test('sentences may count differently, and scores may be what one differentiates by alone', () => {
  const { tensors } = randomBatch({ lengths: [5, 3], labels: 3, seed: 12 })
  const weights = tf.tensor1d([2, -0.5])
  const [ofTransitions, ofEmissions] = (['transitions', 'emissions'] as const).map(
    name =>
      tf
        .grad(x => tf.sum(tf.mul(weights, crfLogLikelihood({ ...tensors, [name]: x }))))(tensors[name])
        .arraySync() as number[][],
  )
  const alone = [0, 1].map(sentence => {
    const one = <T extends tf.Tensor>(x: T): T => tf.slice(x, sentence, 1)
    const { emissions, labels, mask } = tensors
    return gradientsOf({ ...tensors, emissions: one(emissions), labels: one(labels), mask: one(mask) })
  })
  for (const [sentence, weight] of [2, -0.5].entries()) {
    const expected = alone[sentence]!.emissions[0]!.flat()
    for (const [i, value] of (ofEmissions![sentence] as unknown as number[][]).flat().entries()) {
      expect(value).toBeCloseTo(-weight * expected[i]!, 5)
    }
  }
  for (const [i, value] of ofTransitions!.flat().entries()) {
    expect(value).toBeCloseTo(
      -2 * alone[0]!.transitions.flat()[i]! + 0.5 * alone[1]!.transitions.flat()[i]!,
      5,
    )
  }
})

test('values and gradients keep nothing but what they return, and labels made on the way may be gone', () => {
  const { tensors } = randomBatch({ lengths: [5, 3], labels: 3, seed: 13 })
  const before = tf.memory().numTensors
  const { value, grads } = tf.valueAndGrads((...[emissions]) =>
    tf.tidy(() => {
      const { labels, mask } = tensors
      const made = { labels: tf.clone(labels), mask: tf.clone(mask) }
      return tf.sum(
        crfLogLikelihood({ ...tensors, ...made, emissions: emissions as tf.Tensor3D }),
      ) as tf.Scalar
    }),
  )([tensors.emissions])
  expect(tf.memory().numTensors).toBe(before + 2)
  expect(tf.sub(0, grads[0]!).arraySync()).toEqual(gradientsOf(tensors).emissions)
  tf.dispose([value, grads])
})

describe.each([1e4, 1e5])('emissions of size %d', size => {
  const lengths = [60, 33, 2, 1]
  const sizes = { lengths, labels: 7 }

  /** Loss at least 0, gradients finite and no larger than what they count. */
  const expectSound = (inputs: CrfInputs & CrfScores): number[] => {
    const values = [...crfLogLikelihood(inputs).dataSync()]
    expect(values.every(value => Number.isFinite(value) && value <= 0)).toBe(true)
    const { emissions, start, end, transitions } = gradientsOf(inputs)
    for (const [sentence, length] of lengths.entries()) {
      for (const [t, row] of emissions[sentence]!.entries()) {
        if (t >= length) expect(row.every(value => value === 0)).toBe(true)
        expect(row.every(value => Math.abs(value) <= 1 + 1e-4)).toBe(true)
        expect(Math.abs(row.reduce((a, b) => a + b))).toBeLessThan(1e-4)
      }
    }
    expect([...start, ...end].every(value => Math.abs(value) <= lengths.length + 1e-4)).toBe(true)
    const steps = lengths.reduce((sum, length) => sum + length - 1, 0)
    expect(transitions.flat().every(value => Math.abs(value) <= steps + 1e-3)).toBe(true)
    return values
  }

  test.each([1, 2, 3])('random labels, seed %i', seed => {
    expectSound(randomBatch({ ...sizes, seed, scale: size }).tensors)
  })

  // With transitions as large as the emissions every sum rounds: adding in another order than the partition shows.
  test.each([1, 1e4])('the best path itself, transitions of size %d', async factor => {
    const { tensors } = randomBatch({ ...sizes, seed: 4, scale: size })
    const inputs = { ...tensors, transitions: tf.mul(tensors.transitions, factor) as tf.Tensor2D }
    const { paths } = viterbi(await readLattice(inputs))
    const padded = paths.map(path => [...path, ...new Array<number>(60 - path.length).fill(0)])
    const labels = tf.tensor2d(padded, [4, 60], 'int32')
    for (const value of expectSound({ ...inputs, labels })) expect(value).toBeCloseTo(0, 4)
  })

  test('labels that all score the same: the likelihood of one path in labels ^ length', () => {
    const { tensors } = randomBatch({ ...sizes, seed: 6 })
    const inputs = {
      ...tensors,
      emissions: tf.fill([4, 60, 7], size) as tf.Tensor3D,
      start: tf.zeros([7]) as tf.Tensor1D,
      end: tf.zeros([7]) as tf.Tensor1D,
      transitions: tf.zeros([7, 7]) as tf.Tensor2D,
    }
    for (const [i, value] of expectSound(inputs).entries()) {
      expect(value / (-lengths[i]! * Math.log(7))).toBeCloseTo(1, 5)
    }
  })
})

describe('padding', () => {
  const { tensors } = randomBatch({ lengths: [3, 1, 4], labels: 5, seed: 7, positions: 4 })

  test('what stands in it changes nothing, not even NaN or a label that does not exist', () => {
    const real = tf.greater(tensors.mask, 0)
    const spoilt = {
      ...tensors,
      emissions: tf.where(tf.expandDims(real, 2), tensors.emissions, Number.NaN) as tf.Tensor3D,
      labels: tf.where(real, tensors.labels, tf.fill([3, 4], -100, 'int32')) as tf.Tensor2D,
    }
    expect(crfLogLikelihood(spoilt).arraySync()).toEqual(crfLogLikelihood(tensors).arraySync())
    expect(gradientsOf(spoilt)).toEqual(gradientsOf(tensors))
  })

  test('a sentence counts the same alone, cut to its length', () => {
    const together = crfLogLikelihood(tensors).arraySync()
    for (const [sentence, length] of [3, 1, 4].entries()) {
      const alone = crfLogLikelihood({
        ...tensors,
        emissions: tf.slice(tensors.emissions, [sentence, 0, 0], [1, length, 5]),
        labels: tf.slice(tensors.labels, [sentence, 0], [1, length]),
        mask: tf.ones([1, length]),
      })
      expect(alone.arraySync()[0]).toBeCloseTo(together[sentence]!, 5)
    }
  })

  test('a sentence of length 0 has likelihood 0 and no gradient', () => {
    const { tensors } = randomBatch({ lengths: [0, 2], labels: 3, seed: 8 })
    expect(crfLogLikelihood(tensors).arraySync()[0]).toBeCloseTo(0, 12)
    expect(
      gradientsOf(tensors)
        .emissions[0]!.flat()
        .every(value => value === 0),
    ).toBe(true)
  })
})

test('work grows linearly with the length and no kernel runs per sentence', async () => {
  const measure = async (positions: number, batch: number) => {
    const { tensors } = randomBatch({ lengths: new Array(batch).fill(positions), labels: 3, seed: 9 })
    const { kernels } = await tf.profile(() => {
      gradientsOf(tensors)
    })
    const numbers = kernels.flatMap(({ outputShapes }) =>
      outputShapes.map(shape => tf.util.sizeFromShape(shape)),
    )
    return { kernels: kernels.length, numbers: numbers.reduce((a, b) => a + b) }
  }
  const [short, middle, long, single] = [
    await measure(8, 4),
    await measure(16, 4),
    await measure(32, 4),
    await measure(8, 1),
  ]
  expect(long.kernels - middle.kernels).toBe(2 * (middle.kernels - short.kernels))
  expect(long.numbers - middle.numbers).toBe(2 * (middle.numbers - short.numbers))
  expect(short.kernels).toBe(single.kernels)
  // A compiled program pays for every kernel: this is what one position costs, forwards and backwards.
  expect((long.kernels - middle.kernels) / 16).toBeLessThanOrEqual(6.5)
})
