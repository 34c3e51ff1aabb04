import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { assertShape } from './shapes'

/**
 * Matrix product `a b` over the last two axes, with a gradient that transposes first and multiplies plainly after:
 * on the wasm backend a transposed product is ten times slower than a plain one.
 *
 * @param a `[..., m, k]`
 * @param b `[..., k, n]`, the same leading axes
 * @returns `[..., m, n]`
 */
export function product<T extends Tensor>(a: T, b: T): T {
  return tf.customGrad((...inputs) => {
    const [x, y, save] = inputs as unknown as [Tensor, Tensor, (saved: Tensor[]) => void]
    save([x, y])
    return {
      value: tf.matMul(x, y),
      gradFunc: (dz: Tensor, saved: Tensor[]) => [
        tf.matMul(dz, swapLastAxes(saved[1]!)),
        tf.matMul(swapLastAxes(saved[0]!), dz),
      ],
    }
  })(a, b) as T
}

/** Exchanges the last two axes. */
export function swapLastAxes<T extends Tensor>(x: T): T {
  const axes = x.shape.map((_, axis) => axis)
  return tf.transpose(x, [...axes.slice(0, -2), x.rank - 1, x.rank - 2]) as T
}

/**
 * `x W^T + b`, the linear layer in PyTorch's layout.
 *
 * @param x `[..., in]`
 * @param weight `[out, in]`
 * @param bias `[out]`
 * @returns `[..., out]`
 * @throws InvalidArgumentError when the last axis of `x` is not `in`.
 */
export function linear<T extends Tensor>(x: T, weight: Tensor2D, bias?: Tensor1D): T {
  const [outSize, inSize] = weight.shape
  assertShape('x', x, [...x.shape.slice(0, -1), inSize])
  if (bias) assertShape('bias', bias, [outSize])
  return tf.tidy(() => {
    const rows = tf.reshape(x, [-1, inSize]) as Tensor2D
    const y = product(rows, tf.transpose(weight) as Tensor2D)
    return tf.reshape(bias ? tf.add(y, bias) : y, [...x.shape.slice(0, -1), outSize]) as T
  })
}
