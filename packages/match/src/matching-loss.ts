import { assertDtype, assertShape, logSumExp } from '@mafjs/tensor'
import type { Scalar, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'

/** What `matchingLoss` reads. */
export interface MatchingLossInputs {
  /** `[batch, 2]`: not matching, matching. */
  logits: Tensor2D
  /** `[batch]`, float32: 1 = matched, 0 = exchanged. */
  labels: Tensor1D
  /** `[batch]`, float32: 1 = counts. @default all count */
  present?: Tensor1D | undefined
  /**
   * Whether a batch without any exchange has a loss; the published code's has, which teaches that all pairs match.
   * @default false
   */
  lossWithoutNegatives?: boolean | undefined
}

/**
 * The mean cross entropy of matched against exchanged, over the examples that count; 0 where none does.
 * Source: MAF (doi 10.1145/3488560.3498475), cross-modal matching.
 *
 * @throws InvalidArgumentError for shapes that do not fit each other.
 */
export function matchingLoss({
  logits,
  labels,
  present,
  lossWithoutNegatives = false,
}: MatchingLossInputs): Scalar {
  const sizes = assertShape('logits', logits, ['batch', 2])
  assertShape('labels', labels, ['batch'], sizes)
  assertDtype('logits', logits, 'float32')
  assertDtype('labels', labels, 'float32')
  if (present) {
    assertShape('present', present, ['batch'], sizes)
    assertDtype('present', present, 'float32')
  }
  return tf.tidy(() => {
    const counted = present ?? tf.onesLike(labels)
    // Of two classes the entropy is a function of their distance alone, whose slope keeps its digits where it is small.
    const [mismatch, match] = tf.unstack(logits, 1) as [Tensor1D, Tensor1D]
    const signs = tf.sub(tf.mul(labels, 2), 1) // 1 = matched, -1 = exchanged
    const distances = tf.mul(signs, tf.sub(mismatch, match))
    const entropies = logSumExp(tf.stack([tf.zerosLike(distances), distances], 1), 1) // [batch]
    const mean = tf.div(tf.sum(tf.mul(entropies, counted)), tf.maximum(tf.sum(counted), 1))
    if (lossWithoutNegatives) return mean as Scalar
    const hasNegative = tf.max(tf.mul(tf.sub(1, labels), counted))
    return tf.mul(mean, hasNegative) as Scalar
  })
}
