import { valueAndGradients } from '@mafjs/tensor'
import { registerGradients } from '@mafjs/tensor/gradients'
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import '@tensorflow/tfjs-backend-wasm'
import { beforeAll, describe, expect, test } from 'vitest'
import { createTextEncoder } from '../../src/text/create-text-encoder'
import { embeddingLookup } from '../../src/text/embedding-lookup'
import type { TextEncoderConfig } from '../../src/text/text-encoder-config'
import { createTokenBatch } from '../../src/text/token-batch'

beforeAll(() => {
  registerGradients()
})

const backend = async (name: string) => {
  expect(await tf.setBackend(name)).toBe(true)
}

describe.each(['cpu', 'wasm'])('embeddingLookup on %s', name => {
  beforeAll(() => backend(name))

  test('is the product with a one-hot matrix, forward and backward', async () => {
    const table = tf.tensor2d([1, 2, 3, 4, 5, 6, 7, 8], [4, 2])
    const ids = tf.tensor2d([2, 0, 2, 3, 2, 2], [2, 3], 'int32') // id 1 never, id 2 four times
    const weights = tf.tensor3d([1, 10, 2, 20, 3, 30, 4, 40, 5, 50, 6, 60], [2, 3, 2])
    const oneHot = tf.cast(tf.oneHot(ids, 4), 'float32')
    const byProduct = (x: tf.Tensor2D): tf.Tensor =>
      tf.reshape(tf.matMul(tf.reshape(oneHot, [6, 4]), x), [2, 3, 2])
    const outcomes = [(x: tf.Tensor2D) => embeddingLookup(x, ids), byProduct].map(lookup => {
      const { value, grad } = tf.valueAndGrad(x =>
        tf.sum(tf.mul(weights, tf.square(lookup(x as tf.Tensor2D)))),
      )(table)
      return [value.arraySync(), grad.arraySync()]
    })
    expect(outcomes[0]).toEqual(outcomes[1])
  })
})

const KINDS: Partial<TextEncoderConfig>[] = [
  { kind: 'bert', summary: 'pooler' },
  { kind: 'modernbert', padId: 0, rotary: { localLayers: [1], reach: 1, globalTheta: 9, localTheta: 4 } },
  {
    kind: 'deberta-v2',
    disentangled: {
      addsPositions: false,
      buckets: 4,
      farthest: 6,
      attention: ['c2p', 'p2c'],
      sharesProjections: true,
      normalises: true,
      convolution: { size: 3, activation: 'gelu' },
    },
  },
]

test.each(KINDS)('a training step of $kind on wasm is that of cpu', async kind => {
  const step = async (name: string): Promise<Record<string, number[]>> => {
    await backend(name)
    const encoder = createTextEncoder({
      ...(kind as TextEncoderConfig),
      vocabSize: 11,
      hidden: 8,
      layers: 2,
      heads: 2,
      maxPositions: 6,
      hiddenDropout: 0.1,
      attentionDropout: 0.1,
    })
    const inputs = createTokenBatch(
      [
        [1, 5, 5, 2],
        [1, 2],
        [1, 9, 3, 4, 10],
      ],
      { vocabSize: 11 },
    )
    const loss = (): tf.Scalar => {
      const { states, summary } = encoder.apply(inputs, { training: true, seed: 3, step: 7 })
      return tf.add(tf.mean(tf.square(tf.sub(states, 0.5))), tf.mean(summary)) as tf.Scalar
    }
    const before = tf.memory().numTensors
    const { value, gradients } = valueAndGradients(loss, encoder.parameters())
    expect(Object.keys(gradients).sort()).toEqual(Object.keys(encoder.parameters()).sort())
    expect(tf.memory().numTensors).toBe(before + 1 + Object.keys(gradients).length)
    for (const [key, variable] of Object.entries(encoder.parameters())) {
      variable.assign(tf.sub(variable, tf.mul(0.1, gradients[key]!)))
    }
    return Object.fromEntries([
      ['loss', [value.dataSync()[0]!]],
      ...Object.entries(encoder.parameters()).map(([key, variable]) => [key, [...variable.dataSync()]]),
    ])
  }
  const [cpu, wasm] = [await step('cpu'), await step('wasm')]
  for (const [key, values] of Object.entries(cpu)) {
    const deviation = Math.max(...values.map((value, i) => Math.abs(value - wasm[key]![i]!)))
    expect(deviation, key).toBeLessThan(2e-6)
  }
})
