import '@tensorflow/tfjs-backend-cpu'
import { type CrfInputs, createCrf, createLattice, crfMarginals } from '@mafjs/crf'
import { assignParameters, InvalidArgumentError, maskFromLengths } from '@mafjs/tensor'
import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { randomBatch } from './batch'

await tf.setBackend('cpu')

const names = ['O', 'B-PER', 'I-PER']

const zeroed = (constraints: 'bio' | 'none') => {
  const crf = createCrf({ labels: names, constraints })
  const values = Object.entries(crf.parameters()).map(([name, { shape }]) => [name, tf.zeros(shape)])
  assignParameters(crf.parameters(), Object.fromEntries(values))
  return crf
}

describe('a case worked by hand: one sentence of two words, all scores 0', () => {
  const emissions = tf.zeros([1, 2, 3]) as tf.Tensor3D
  const mask = maskFromLengths([2])

  test('training sums over all 9 paths whatever the constraints, and takes an orphan I- as it is', () => {
    const labels = tf.tensor2d([[2, 0]], [1, 2], 'int32')
    for (const constraints of ['bio', 'none'] as const) {
      const { loss, logLikelihood } = zeroed(constraints).apply({ emissions, labels, mask })
      expect(loss.dataSync()[0]).toBeCloseTo(Math.log(9), 6)
      expect(logLikelihood.shape).toEqual([1])
    }
  })

  test('of the 5 legal paths 2 start with O, 1 is B I and 2 have B at 0 without I after it', async () => {
    const crf = zeroed('bio')
    const [rows] = await crf.marginals({ emissions, mask })
    const shares = [
      [2 / 5, 3 / 5, 0],
      [2 / 5, 2 / 5, 1 / 5],
    ]
    for (const [t, row] of shares.entries()) {
      for (const [label, share] of row.entries()) expect(rows![t]![label]).toBeCloseTo(share, 12)
    }
    const spans = [
      [
        { type: 'PER', start: 0, end: 1 },
        { type: 'PER', start: 0, end: 2 },
        { type: 'PER', start: 1, end: 2 },
      ],
    ]
    const [probabilities] = await crf.spanProbabilities({ emissions, mask }, spans)
    for (const [i, share] of [2 / 5, 1 / 5, 2 / 5].entries()) expect(probabilities![i]).toBeCloseTo(share, 12)
    expect(await crf.spanProbabilities(await crf.lattice({ emissions, mask }), spans)).toEqual([
      probabilities,
    ])
  })

  test('without constraints every label has a third', async () => {
    const rows = (await zeroed('none').marginals({ emissions, mask })).flat(2)
    for (const value of rows) expect(value).toBeCloseTo(1 / 3, 12)
  })
})

test('decoding never starts an entity with I-, however well it scores', async () => {
  const emissions = tf.tensor3d([
    [
      [0, 1, 50],
      [0, 1, 50],
    ],
    [
      [5, 0, 9],
      [0, 0, 9],
    ],
  ])
  const inputs = { emissions, mask: maskFromLengths([2, 1], 2) }
  expect((await zeroed('bio').decode(inputs)).paths).toEqual([[1, 2], [0]])
  expect((await zeroed('none').decode(inputs)).paths).toEqual([[2, 2], [2]])
})

test('labels of another scheme work without constraints, and only so', async () => {
  const labels = ['[PAD]', 'O', 'B-PER', 'I-PER', 'X', '[CLS]', '[SEP]']
  const crf = createCrf({ labels, constraints: 'none' })
  const { tensors } = randomBatch({ lengths: [3], labels: 7, seed: 1 })
  expect((await crf.decode(tensors)).paths[0]).toHaveLength(3)
  const [[probability]] = (await crf.spanProbabilities(tensors, [[{ type: 'PER', start: 0, end: 1 }]])) as [
    [number],
  ]
  expect(probability).toBeGreaterThan(0)
  expect(() => createCrf({ labels })).toThrow(
    'labels[0] must be O, B-type or I-type. Received: [PAD]. Give a BIO',
  )
})

test('a number of labels needs no names and has no constraints', async () => {
  const crf = createCrf({ labels: 4 })
  expect(crf.config).toEqual({ labels: 4, constraints: 'none', seed: 0 })
  const { tensors } = randomBatch({ lengths: [2], labels: 4, seed: 2 })
  await expect(crf.spanProbabilities(tensors, [[{ type: 'PER', start: 0, end: 1 }]])).rejects.toThrow(
    'spans[0][0].type must have a label B-PER. Received: 4 labels without names.',
  )
})

test('emissions of size 1e4 have finite marginals that add up to 1', () => {
  const { tensors, numbers } = randomBatch({ lengths: [40, 1], labels: 5, seed: 3, scale: 1e4 })
  const marginals = crfMarginals(
    createLattice({
      emissions: tensors.emissions.dataSync(),
      mask: tensors.mask.dataSync(),
      positions: 40,
      start: numbers.start,
      end: numbers.end,
      transitions: numbers.transitions.flat(),
    }),
  )
  for (const row of marginals.flat()) expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 9)
})

test('calls leave no tensor behind', async () => {
  const { tensors } = randomBatch({ lengths: [3, 2], labels: 3, seed: 4 })
  const before = tf.memory().numTensors
  const crf = createCrf({ labels: names })
  expect(tf.memory().numTensors).toBe(before + 3)
  const { loss, logLikelihood } = crf.apply(tensors)
  await crf.decode(tensors)
  await crf.marginals(tensors)
  await crf.spanProbabilities(tensors, [[], [{ type: 'PER', start: 1, end: 2 }]])
  expect(tf.memory().numTensors).toBe(before + 5)
  tf.dispose([loss, logLikelihood])
  crf.dispose()
  expect(tf.memory().numTensors).toBe(before)
})

describe('errors say what is wrong and where', () => {
  const { tensors } = randomBatch({ lengths: [3, 1], labels: 3, seed: 5 })
  const crf = createCrf({ labels: names })
  const wrong = (change: Partial<CrfInputs>) => () => crf.apply({ ...tensors, ...change })
  const ids = (values: number[]) => tf.tensor2d(values, [2, 3], 'int32')
  const rows = (values: number[]) => tf.tensor2d(values, [2, 3])

  test.each([
    ['labels[0][2] must be a label id from 0 to 2', wrong({ labels: ids([0, 1, 3, 0, 0, 0]) })],
    ['labels[1][0] must be a label id from 0 to 2', wrong({ labels: ids([0, 1, 2, -1, 0, 0]) })],
    ['labels must have dtype int32', wrong({ labels: rows([0, 0, 0, 0, 0, 0]) })],
    ['labels must have shape [batch=2, positions=3]', wrong({ labels: tf.zeros([1, 3], 'int32') })],
    ['mask must have shape [batch=2, positions=3]', wrong({ mask: tf.ones([1, 3]) })],
    ['mask must have dtype float32', wrong({ mask: ids([1, 1, 1, 1, 0, 0]) })],
    ['mask[1] must be ones followed by zeros', wrong({ mask: rows([1, 1, 1, 0, 1, 1]) })],
    ['mask[0] must be ones followed by zeros', wrong({ mask: rows([1, 0.5, 0, 1, 0, 0]) })],
    ['emissions must have shape [batch, positions, labels=3]', wrong({ emissions: tf.zeros([2, 3, 4]) })],
    [
      'emissions must hold at least one',
      () =>
        crf.apply({
          emissions: tf.zeros([0, 3, 3]),
          labels: tf.zeros([0, 3], 'int32'),
          mask: tf.zeros([0, 3]),
        }),
    ],
    ['labels must be a list of at least one name', () => createCrf({ labels: [] })],
    ['labels must be names for the constraints bio', () => createCrf({ labels: 3, constraints: 'bio' })],
    ['labels[1] must have its B-type beside it', () => createCrf({ labels: ['O', 'I-PER'] })],
    ['labels[2] must be given once', () => createCrf({ labels: ['O', 'B-PER', 'O'] })],
    ['constraints must be bio or none', () => createCrf({ labels: names, constraints: 'iob' as 'bio' })],
  ])('%s', (message, call) => {
    expect(call).toThrow(InvalidArgumentError)
    expect(call).toThrow(message)
  })

  test.each([
    [
      'emissions[1][0][2] must be a finite number. Received: NaN',
      tf.tensor3d([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, Number.NaN, 0, 0, 0, 0, 0, 0], [2, 3, 3]),
      [[], []],
    ],
    ['spans must hold one list per sentence, 2', tensors.emissions, [[]]],
    [
      'spans[1][0] must lie within its sentence of length 1',
      tensors.emissions,
      [[], [{ type: 'PER', start: 0, end: 2 }]],
    ],
    [
      'spans[0][0].type must have a label B-LOC. Received: O, B-PER, I-PER',
      tensors.emissions,
      [[{ type: 'LOC', start: 0, end: 2 }], []],
    ],
  ])('%s', async (message, emissions, spans) => {
    await expect(crf.spanProbabilities({ emissions, mask: tensors.mask }, spans)).rejects.toThrow(message)
  })
})
