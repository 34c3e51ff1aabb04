import type { Scalar, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { logSumExp } from '../activations'
import { assertShape } from '../shapes'

/**
 * The mean cross entropy of a softmax, `log(sum(exp(logits))) - logit of the right class`, as PyTorch's `cross_entropy`
 * counts. A label that is none of the classes makes it NaN: it must not pass for a good guess.
 *
 * @param logits `[batch, classes]`
 * @param labels `[batch]`, the right class of every row, from 0
 * @throws InvalidArgumentError for shapes that do not fit each other.
 */
export function crossEntropy(logits: Tensor2D, labels: Tensor1D): Scalar {
  const sizes = assertShape('logits', logits, ['batch', 'classes'])
  assertShape('labels', labels, ['batch'], sizes)
  return tf.tidy(() => {
    const classes = tf.range(0, logits.shape[1], 1, 'float32')
    const isRight = tf.cast(tf.equal(tf.expandDims(tf.cast(labels, 'float32'), 1), classes), 'float32')
    const losses = tf.sub(logSumExp(logits, 1), tf.sum(tf.mul(logits, isRight), 1))
    const found = tf.sum(isRight, 1)
    // 0 of 0 where no class is the right one.
    return tf.mean(tf.div(tf.mul(losses, found), found)) as Scalar
  })
}
