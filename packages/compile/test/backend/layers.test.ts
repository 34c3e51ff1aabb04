import { registerGradients } from '@mafjs/tensor/gradients'
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers'
import { describe, expect, it } from 'vitest'
import { registerOnnxBackend } from '../../src/index'
import { QUIET } from '../compile/compare'

registerGradients()
registerOnnxBackend(QUIET)

/** Trains a small image classifier of tfjs-layers; gives its losses and what it predicts after. */
async function train(backend: string): Promise<{ losses: number[]; predicted: number[] }> {
  await tf.setBackend(backend)
  const drawn = { kernelInitializer: initializers.glorotUniform({ seed: 3 }) }
  const model = sequential({
    layers: [
      layers.conv2d({
        inputShape: [6, 6, 1],
        filters: 4,
        kernelSize: 3,
        padding: 'same',
        activation: 'relu',
        ...drawn,
      }),
      layers.batchNormalization(),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.flatten(),
      layers.dropout({ rate: 0.2, seed: 5 }),
      layers.dense({ units: 8, activation: 'relu', ...drawn }),
      layers.dense({ units: 3, activation: 'softmax', ...drawn }),
    ],
  })
  model.compile({ optimizer: tf.train.adam(0.02, 0.9, 0.999, 1e-4), loss: 'categoricalCrossentropy' })
  const count = 32
  const pixel = (i: number): number => Math.sin(i * 0.7 + (Math.floor(i / 36) % 3) * 2)
  const x = tf.tensor4d(
    Float32Array.from({ length: count * 36 }, (_, i) => pixel(i)),
    [count, 6, 6, 1],
  )
  const y = tf.oneHot(
    tf.tensor1d(
      Array.from({ length: count }, (_, i) => i % 3),
      'int32',
    ),
    3,
  )
  const { history } = await model.fit(x, y, { epochs: 5, batchSize: 16, shuffle: false, verbose: 0 })
  const predicted = Array.from(await (model.predict(x) as tf.Tensor).data())
  model.dispose()
  return { losses: history['loss'] as number[], predicted }
}

describe('a model of tfjs-layers', () => {
  it('trains on the backend onnx as it does on cpu', async () => {
    const expected = await train('cpu')
    const actual = await train('onnx')
    expect(actual.losses.at(-1)).toBeLessThan(0.6 * actual.losses[0]!)
    for (const [epoch, loss] of expected.losses.entries()) expect(actual.losses[epoch]).toBeCloseTo(loss, 4)
    for (const [i, probability] of expected.predicted.entries())
      expect(actual.predicted[i]).toBeCloseTo(probability, 3)
  })
})
