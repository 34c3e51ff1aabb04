import type { GradConfig, Tensor } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { unaryGradient, unbroadcast } from './gradient'

/** `dy` with the reduced axes back as size 1, so that it broadcasts over the input. */
function keepDimensions(dy: Tensor, inputShape: number[], axis: unknown): Tensor {
  const axes = tf.util.parseAxisParam(axis as number | number[], inputShape)
  return tf.reshape(
    dy,
    inputShape.map((size, i) => (axes.includes(i) ? 1 : size)),
  )
}

/** The gradient of Max and Min flows to every position that holds the extreme value, as in tfjs. */
const extreme = (kernelName: string): GradConfig => ({
  kernelName,
  inputsToSave: ['x'],
  outputsToSave: [true],
  gradFunc: (dy, saved, { reductionIndices, axis }) => {
    const [x, y] = saved as [Tensor, Tensor]
    const axes = reductionIndices ?? axis
    const isExtreme = tf.equal(x, keepDimensions(y, x.shape, axes))
    return {
      x: () => tf.mul(keepDimensions(dy as Tensor, x.shape, axes), tf.cast(isExtreme, 'float32')),
    }
  },
})

/** `y = (x - mean) / sqrt(variance + epsilon) * scale + offset`; mean and variance are inputs like the others. */
const batchNormGradient: GradConfig = {
  kernelName: 'FusedBatchNorm',
  inputsToSave: ['x', 'mean', 'variance', 'scale'],
  gradFunc: (dy, saved, { varianceEpsilon }) => {
    const [x, mean, variance, scale = tf.scalar(1)] = saved as [Tensor, Tensor, Tensor, Tensor?]
    const inverse = tf.rsqrt(tf.add(variance, varianceEpsilon as number))
    const centred = tf.sub(x, mean)
    const dx = tf.mul(tf.mul(dy as Tensor, scale), inverse)
    const sum = (gradient: Tensor): Tensor => unbroadcast(gradient, mean.shape)
    return {
      x: () => dx,
      mean: () => sum(tf.neg(dx)),
      variance: () => sum(tf.mul(tf.mul(dx, centred), tf.mul(tf.square(inverse), -0.5))),
      scale: () => sum(tf.mul(tf.mul(dy as Tensor, centred), inverse)),
      offset: () => sum(dy as Tensor),
    }
  },
}

/** The gradients of kernels that reduce axes or normalise along one. */
export const reductionGradients: readonly GradConfig[] = [
  unaryGradient('Sum', (dy, [x], { axis }) =>
    tf.mul(keepDimensions(dy, x!.shape, axis), tf.ones(x!.shape, 'float32')),
  ),
  unaryGradient('Mean', (dy, [x], { axis }) => {
    const spread = tf.mul(keepDimensions(dy, x!.shape, axis), tf.ones(x!.shape, 'float32'))
    return tf.mul(spread, dy.size / x!.size)
  }),
  extreme('Max'),
  extreme('Min'),
  batchNormGradient,
  unaryGradient('Prod', (dy, [x], { axis }) => {
    const product = tf.prod(x!, axis as unknown as number, true)
    return tf.div(tf.mul(keepDimensions(dy, x!.shape, axis), product), x!)
  }),
  unaryGradient(
    'Cumsum',
    (dy, _saved, { axis, exclusive, reverse }) =>
      tf.cumsum(dy, axis as number, exclusive as boolean, !reverse),
    { save: 'nothing' },
  ),
  unaryGradient(
    'Softmax',
    (dy, [y], { dim }) => {
      const weighted = tf.mul(dy, y!)
      return tf.sub(weighted, tf.mul(tf.sum(weighted, dim as number, true), y!))
    },
    { input: 'logits', save: 'output' },
  ),
  unaryGradient(
    'LogSoftmax',
    (dy, [y], { axis }) => tf.sub(dy, tf.mul(tf.sum(dy, axis as number, true), tf.exp(y!))),
    { input: 'logits', save: 'output' },
  ),
]
