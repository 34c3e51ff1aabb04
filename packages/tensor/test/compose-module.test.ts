import { InvalidArgumentError, valueAndGradients } from '@mafjs/tensor'
import { registerGradients } from '@mafjs/tensor/gradients'
import { composeModule } from '../src/compose/compose-module'
import { crossEntropy } from '../src/compose/cross-entropy'
import { createLinear } from '../src/compose/linear-module'
import { maskedMean } from '../src/compose/masked-mean'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'

beforeAll(async () => {
  await tf.setBackend('cpu')
  registerGradients()
})

const states = () => tf.tensor3d([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], [2, 3, 2])
const mask = () => tf.tensor2d([1, 1, 0, 0, 0, 0], [2, 3])

describe('composeModule', () => {
  const compose = () =>
    composeModule(
      {
        first: createLinear({ inFeatures: 2, outFeatures: 3, seed: 1 }),
        absent: undefined,
        head: createLinear({ inFeatures: 3, outFeatures: 2 }),
      },
      ({ first, head }, { x }: { x: tf.Tensor2D }) => ({ logits: head.apply(tf.relu(first.apply(x))) }),
    )

  it('has the parameters and configurations of its parts under their names, and frees all', () => {
    const before = tf.memory().numTensors
    const module = compose()
    expect(Object.keys(module.parameters())).toEqual([
      'first.weight',
      'first.bias',
      'head.weight',
      'head.bias',
    ])
    expect(module.config).toEqual({
      first: { inFeatures: 2, outFeatures: 3 },
      head: { inFeatures: 3, outFeatures: 2 },
    })
    const x = tf.tensor2d([1, 2], [1, 2])
    const { logits } = module.apply({ x })
    // Nothing but the output stays: four parameters, x and it.
    expect(tf.memory().numTensors).toBe(before + 6)
    const { first, head } = module.parts
    const expected = tf.tidy(() => head.apply(tf.relu(first.apply(x))))
    expect(logits.dataSync()).toEqual(expected.dataSync())
    tf.dispose([x, logits, expected])
    module.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })

  it('hands its options on', () => {
    const seen: unknown[] = []
    const module = composeModule({}, (_, __: object, options) => {
      seen.push(options)
      return {}
    })
    module.apply({}, { training: true, seed: 7 })
    module.apply({})
    expect(seen).toEqual([{ training: true, seed: 7 }, {}])
  })

  it('refuses a name with a dot, and a parameter that two parts have', () => {
    const shared = createLinear({ inFeatures: 1, outFeatures: 1 })
    const none = () => ({})
    expect(() => composeModule({ 'a.b': shared }, none)).toThrow('parts must have names without a dot')
    expect(() => composeModule({ a: shared, b: shared }, none)).toThrow(
      'parts must each have parameters of their own. Received: weight of b, which a has too',
    )
    shared.dispose()
  })
})

it('a linear layer refuses sizes that are none', () => {
  for (const inFeatures of [0, 1.5, Number.NaN]) {
    expect(() => createLinear({ inFeatures, outFeatures: 1 })).toThrow(InvalidArgumentError)
  }
})

it('maskedMean is the mean of what is there, zeros where nothing is', () => {
  const mean = tf.tidy(() => maskedMean(states(), mask()))
  expect([...mean.dataSync()]).toEqual([2, 3, 0, 0])
  expect(() => maskedMean(states(), tf.ones([2, 2]))).toThrow(/mask must have shape/)
})

describe('crossEntropy', () => {
  const logits = [0.5, -1, 2, 1, 0, -0.5]
  const labels = [2, 0]
  const softmax = (row: readonly number[]): number[] => {
    const exps = row.map(Math.exp)
    const sum = exps.reduce((a, b) => a + b, 0)
    return exps.map(exp => exp / sum)
  }
  const rows = [logits.slice(0, 3), logits.slice(3)]

  it('is the mean of -log of the right class, with the gradient (softmax - right) / batch', () => {
    const x = tf.variable(tf.tensor2d(logits, [2, 3]))
    const { value, gradients } = valueAndGradients(
      () => crossEntropy(x as tf.Tensor as tf.Tensor2D, tf.tensor1d(labels, 'int32')),
      { x },
    )
    const expected = -rows.map((row, i) => Math.log(softmax(row)[labels[i]!]!)).reduce((a, b) => a + b, 0) / 2
    expect(value.dataSync()[0]).toBeCloseTo(expected, 6)
    const wanted = rows.flatMap((row, i) => softmax(row).map((p, j) => (p - Number(j === labels[i])) / 2))
    for (const [i, gradient] of gradients['x']!.dataSync().entries())
      expect(gradient).toBeCloseTo(wanted[i]!, 6)
  })

  it('is NaN where a label is none of the classes', () => {
    const loss = tf.tidy(() => crossEntropy(tf.tensor2d(logits, [2, 3]), tf.tensor1d([2, 3], 'int32')))
    expect(loss.dataSync()[0]).toBeNaN()
  })
})
