import type { Tensor4D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'

/** A map, and what padding a convolution or pooling of it has to be given. */
export interface ZeroPadded {
  x: Tensor4D
  pad: number | 'valid'
}

/**
 * A map to convolve or pool with so many zeros on every side. tfjs-node's kernels know no padding in numbers: on the backend
 * `tensorflow` the zeros are put around the map first. For pooling that is right where no value is below 0.
 *
 * @param x `[batch, height, width, channels]`
 */
export function zeroPadded(x: Tensor4D, pad: number): ZeroPadded {
  if (tf.getBackend() !== 'tensorflow') return { x, pad }
  const side: [number, number] = [pad, pad]
  return { x: pad === 0 ? x : tf.pad4d(x, [[0, 0], side, side, [0, 0]]), pad: 'valid' }
}
