import type { Tensor } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'

/**
 * Gaussian error linear unit with the exact error function, `x P(X <= x)`, as BERT has it (Hendrycks and Gimpel 2016).
 * Its gradient, `P(X <= x) + x p(x)`, is computed again from `x`: nothing else of the forward pass is kept.
 */
export function gelu<T extends Tensor>(x: T): T {
  return tf.customGrad((...inputs) => {
    const [input, save] = inputs as unknown as [Tensor, (saved: Tensor[]) => void]
    save([input])
    return {
      value: tf.mul(tf.mul(input, 0.5), tf.add(tf.erf(tf.mul(input, Math.SQRT1_2)), 1)),
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const z = saved[0]!
        const below = tf.add(tf.mul(tf.erf(tf.mul(z, Math.SQRT1_2)), 0.5), 0.5)
        const density = tf.exp(tf.mul(tf.mul(z, -0.5), z))
        return tf.mul(dy, tf.add(below, tf.mul(tf.mul(z, 1 / Math.sqrt(2 * Math.PI)), density)))
      },
    }
  })(x) as T
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
