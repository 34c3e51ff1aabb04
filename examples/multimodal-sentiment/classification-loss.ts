import { assertShape, logSumExp } from '@mafjs/tensor'
import type { Scalar, Tensor2D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'

/**
 * The mean cross entropy of a softmax: `log(sum(exp(logits))) - logit of the right class`.
 *
 * @param logits `[batch, classes]`
 * @param targets `[batch, classes]`, a 1 at the right class of every row
 * @throws InvalidArgumentError for shapes that do not fit each other.
 */
export function classificationLoss(logits: Tensor2D, targets: Tensor2D): Scalar {
  const sizes = assertShape('logits', logits, ['batch', 'classes'])
  assertShape('targets', targets, ['batch', 'classes'], sizes)
  return tf.tidy(() => tf.mean(tf.sub(logSumExp(logits, 1), tf.sum(tf.mul(logits, targets), 1))) as Scalar)
}
