import type { Parameters } from '@mafjs/tensor'
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { zeroPadded } from './zero-padded'

/** A convolution with the batch norm after it. */
export interface Convolution {
  /** `name.weight` is `[out, in, height, width]`, of a depthwise one `[channels, 1, height, width]`. */
  name: string
  /** `norm.weight`, `.bias`, `.running_mean` and `.running_var`. */
  norm: string
  stride: 1 | 2
  activation: 'linear' | 'relu' | 'relu6'
  /** Batch norm's. @default 1e-5, PyTorch's */
  epsilon?: number | undefined
  /** `same` is TensorFlow's, which puts the odd zero behind. @default 'symmetric' */
  padding?: 'symmetric' | 'same' | undefined
  /** Whether every channel has a filter of its own. @default false */
  depthwise?: boolean | undefined
}

/**
 * Convolution, batch norm in evaluation mode and an activation. With fixed statistics batch norm is
 * `x * scale + shift`, so the scale goes into the weight, which is smaller than the map, and the shift is a bias.
 */
export function convolve(
  x: Tensor4D,
  parameters: Parameters,
  { name, norm, stride, activation, epsilon = 1e-5, padding = 'symmetric', depthwise = false }: Convolution,
): Tensor4D {
  const parameter = (key: string): Tensor => parameters[key]!
  const deviation = tf.sqrt(tf.add(parameter(`${norm}.running_var`), epsilon))
  const scale = tf.div(parameter(`${norm}.weight`), deviation)
  const shift = tf.sub(parameter(`${norm}.bias`), tf.mul(parameter(`${norm}.running_mean`), scale))
  const weight = parameter(`${name}.weight`)
  const padded = padding === 'same' ? { x, pad: padding } : zeroPadded(x, (weight.shape[2]! - 1) / 2)
  const common = { ...padded, strides: stride, bias: shift, activation }
  if (depthwise) {
    // [height, width, channels, 1]
    const filter = tf.mul(tf.transpose(weight, [2, 3, 0, 1]), tf.expandDims(scale, 1)) as Tensor4D
    return tf.fused.depthwiseConv2d({ ...common, filter }) as Tensor4D
  }
  const filter = tf.mul(tf.transpose(weight, [2, 3, 1, 0]), scale) as Tensor4D // [height, width, in, out]
  return tf.fused.conv2d({ ...common, filter }) as Tensor4D
}
