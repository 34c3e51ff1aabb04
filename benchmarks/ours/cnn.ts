import { createResNetEncoder } from '@mafjs/encoders'
import { constant, createParameters, heUniform, type Parameters } from '@mafjs/tensor'
import * as tf from '@tensorflow/tfjs-core'
import type { Arrays } from '../files/tensor-file'
import { normals } from '../prepare/draw'

/** Pictures of each network: how many, and pixels of a side. */
const PICTURES = { small: [32, 64], tiny: [16, 32], resnet18: [8, 224], resnet50: [8, 224] } as const

/** A convolutional network that is trained whole; `pytorch/cnn.py` has the same ones. */
export type CnnName = keyof typeof PICTURES

/** A network and its loss. */
export interface Cnn {
  parameters: Parameters
  loss(inputs: { pixels: tf.Tensor4D }): tf.Scalar
}

/** Three convolutions of 32, 64 and 128 channels, two poolings, and the mean of the map. */
function smallCnn(): Cnn {
  const layer = (name: string, inside: number, outside: number) => ({
    [`${name}.weight`]: { shape: [3, 3, inside, outside], initializer: heUniform },
    [`${name}.bias`]: { shape: [outside], initializer: constant(0.01) },
  })
  const layers = { ...layer('first', 3, 32), ...layer('second', 32, 64), ...layer('third', 64, 128) }
  const parameters = createParameters(layers, 5)
  const convolve = (x: tf.Tensor4D, name: string): tf.Tensor4D => {
    const map = tf.conv2d(x, parameters[`${name}.weight`] as unknown as tf.Tensor4D, 1, 'same')
    return tf.relu(tf.add<tf.Tensor4D>(map, parameters[`${name}.bias`]!))
  }
  return {
    parameters,
    loss: ({ pixels }) => {
      const first = tf.maxPool(convolve(pixels, 'first'), 2, 2, 'valid')
      const second = tf.maxPool(convolve(first, 'second'), 2, 2, 'valid')
      return tf.mean(tf.square(tf.mean(convolve(second, 'third'), [1, 2])))
    },
  }
}

/** A network by its name, with first weights that are always the same; a ResNet's batch norm has fixed statistics. */
export function createCnn(name: CnnName): Cnn {
  if (name === 'small' || name === 'tiny') return smallCnn()
  const depth = name === 'resnet18' ? 18 : 50
  const encoder = createResNetEncoder({ kind: 'resnet', depth, trainable: true, seed: 5 })
  return {
    parameters: encoder.parameters(),
    loss: ({ pixels }) => {
      const { summary } = encoder.apply({ pixels, present: tf.ones([pixels.shape[0]]) })
      return tf.mean(tf.square(summary))
    },
  }
}

/** What PyTorch's side reads of a network: its weights and its pictures. */
export function cnnTensors(name: CnnName): Arrays {
  const [batch, side] = PICTURES[name]
  const { parameters } = createCnn(name)
  const weights = Object.entries(parameters).map(([own, variable]) => {
    return [own, { shape: variable.shape, data: variable.dataSync<'float32'>().slice() }] as const
  })
  tf.dispose(parameters)
  return { pixels: normals([batch, side, side, 3], `cnn.${name}`), ...Object.fromEntries(weights) }
}
