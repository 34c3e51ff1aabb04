import { createResNetEncoder } from '@mafjs/encoders'
import { constant, createParameters, heUniform, type Parameters } from '@mafjs/tensor'
import * as tf from '@tensorflow/tfjs-core'

/** Pictures `[batch, size, size, 3]` as numbers, for both sides. */
export interface Pictures {
  shape: [number, number, number, number]
  values: Float32Array
}

/** A network to be trained, and what it is fed. */
export interface CnnWork {
  parameters: Parameters
  loss(inputs: { pixels: tf.Tensor }): tf.Scalar
  pictures: Pictures
}

/** The works by name; `peer.py` has the same ones. */
export const WORKS: Readonly<Record<string, () => CnnWork>> = {
  small: () => smallCnn({ batch: 32, size: 64 }),
  tiny: () => smallCnn({ batch: 16, size: 32 }),
  resnet18: () => resNet({ depth: 18, batch: 8 }),
  resnet50: () => resNet({ depth: 50, batch: 8 }),
}

/** Three convolutions of 32, 64 and 128 channels, two poolings, and the mean of the map. */
function smallCnn({ batch, size }: { batch: number; size: number }): CnnWork {
  const layer = (name: string, inside: number, outside: number) => ({
    [`${name}.weight`]: { shape: [3, 3, inside, outside], initializer: heUniform },
    [`${name}.bias`]: { shape: [outside], initializer: constant(0.01) },
  })
  const parameters = createParameters(
    { ...layer('first', 3, 32), ...layer('second', 32, 64), ...layer('third', 64, 128) },
    5,
  )
  const convolve = (x: tf.Tensor, name: string): tf.Tensor4D => {
    const map = tf.conv2d(x as tf.Tensor4D, parameters[`${name}.weight`] as unknown as tf.Tensor4D, 1, 'same')
    return tf.relu(tf.add(map, parameters[`${name}.bias`]!)) as tf.Tensor4D
  }
  return {
    parameters,
    pictures: draw(batch, size),
    loss: ({ pixels }) => {
      const first = tf.maxPool(convolve(pixels, 'first'), 2, 2, 'valid')
      const second = tf.maxPool(convolve(first, 'second'), 2, 2, 'valid')
      return tf.mean(tf.square(tf.mean(convolve(second, 'third'), [1, 2])))
    },
  }
}

/** A ResNet whose batch norm has fixed statistics, at 224 x 224. */
function resNet({ depth, batch }: { depth: 18 | 50; batch: number }): CnnWork {
  const encoder = createResNetEncoder({ kind: 'resnet', depth, trainable: true, seed: 5 })
  return {
    parameters: encoder.parameters(),
    pictures: draw(batch, 224),
    loss: ({ pixels }) => {
      const { summary } = encoder.apply({ pixels: pixels as tf.Tensor4D, present: tf.ones([batch]) })
      return tf.mean(tf.square(summary))
    },
  }
}

function draw(batch: number, size: number): Pictures {
  let state = 1
  const values = Float32Array.from({ length: batch * size * size * 3 }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    return ((state >>> 0) / 2 ** 32 - 0.5) * 3
  })
  return { shape: [batch, size, size, 3], values }
}
