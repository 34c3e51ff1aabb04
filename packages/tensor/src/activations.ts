import type { Tensor } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'

/** Gaussian error linear unit with the exact error function, as BERT has it (Hendrycks and Gimpel 2016). */
export function gelu<T extends Tensor>(x: T): T {
  return tf.tidy(() => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1)) as T)
}

/**
 * `log(sum(exp(x)))` over one axis, which is dropped. Its gradient is the softmax itself, so it stays within [0, 1]
 * however large `x` is; tfjs's own also differentiates the maximum it subtracts.
 */
export function logSumExp(x: Tensor, axis: number): Tensor {
  return tf.customGrad((...inputs) => {
    const [input, save] = inputs as unknown as [Tensor, (saved: Tensor[]) => void]
    const maximum = tf.max(input, axis, true)
    const exponentials = tf.exp(tf.sub(input, maximum))
    const total = tf.sum(exponentials, axis, true)
    save([tf.div(exponentials, total)])
    return {
      value: tf.squeeze(tf.add(maximum, tf.log(total)), [axis]),
      gradFunc: (dy: Tensor, [softmax]: Tensor[]) => tf.mul(tf.expandDims(dy, axis), softmax!),
    }
  })(x)
}
