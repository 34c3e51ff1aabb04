import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'

/**
 * Layer normalisation over the last axis (Ba et al. 2016): `(x - mean) / sqrt(variance + epsilon) * weight + bias`.
 * Its gradient is written out: differentiating the formula kernel by kernel takes three times as many.
 *
 * @param x `[..., hidden]`
 * @param weight `[hidden]`
 * @param bias `[hidden]` @default zeros
 */
export function layerNorm<T extends Tensor>(x: T, weight: Tensor1D, bias?: Tensor1D, epsilon = 1e-12): T {
  if (!bias) return tf.tidy(() => layerNorm(x, weight, tf.zeros(weight.shape), epsilon))
  return tf.customGrad((...inputs) => {
    const [input, scale, shift, save] = inputs as unknown as [
      Tensor,
      Tensor,
      Tensor,
      (saved: Tensor[]) => void,
    ]
    const mean = tf.mean(input, -1, true)
    const centred = tf.sub(input, mean)
    const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), epsilon))
    save([input, scale, mean, inverse])
    return {
      value: tf.add(tf.mul(tf.mul(centred, inverse), scale), shift),
      gradFunc: (dy: Tensor, saved: Tensor[]) =>
        layerNormGradients(dy, saved as [Tensor, Tensor, Tensor, Tensor]),
    }
  })(x, weight, bias) as T
}

/** The gradients with respect to input, scale and shift. */
function layerNormGradients(
  dy: Tensor,
  [x, scale, mean, inverse]: [Tensor, Tensor, Tensor, Tensor],
): Tensor[] {
  const hidden = scale.shape[0]!
  const overRows = (terms: Tensor): Tensor => tf.sum(tf.reshape(terms, [-1, hidden]), 0)
  const normalised = tf.mul(tf.sub(x, mean), inverse)
  const slope = tf.mul(dy, scale)
  // What moves the mean or the variance is taken out.
  const alongNormalised = tf.mean(tf.mul(slope, normalised), -1, true)
  const free = tf.sub(tf.sub(slope, tf.mean(slope, -1, true)), tf.mul(normalised, alongNormalised))
  return [tf.mul(free, inverse), overRows(tf.mul(dy, normalised)), overRows(dy)]
}
