import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'

/**
 * Layer normalisation over the last axis (Ba et al. 2016): `(x - mean) / sqrt(variance + epsilon) * weight + bias`.
 *
 * @param x `[..., hidden]`
 * @param weight `[hidden]`
 * @param bias `[hidden]`
 */
export function layerNorm<T extends Tensor>(x: T, weight: Tensor1D, bias: Tensor1D, epsilon = 1e-12): T {
  return tf.tidy(() => {
    const centred = tf.sub(x, tf.mean(x, -1, true))
    const variance = tf.mean(tf.square(centred), -1, true)
    const normalised = tf.mul(centred, tf.rsqrt(tf.add(variance, epsilon)))
    return tf.add(tf.mul(normalised, weight), bias) as T
  })
}
