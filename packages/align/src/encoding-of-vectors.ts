import { assertShape, type Encoding } from '@mafjs/tensor'
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'

/**
 * Vectors that were made before, as encodings of one position each: what the module reads where there is no sequence.
 *
 * @param vectors `[batch, hidden]`
 * @returns states `[batch, 1, hidden]`, `vectors` itself as the summary, and a mask of ones `[batch, 1]`
 * @throws InvalidArgumentError for another shape.
 */
export function encodingOfVectors(vectors: Tensor2D): Encoding {
  assertShape('vectors', vectors, ['batch', 'hidden'])
  return {
    states: tf.expandDims(vectors, 1) as Tensor3D,
    summary: vectors,
    mask: tf.ones([vectors.shape[0], 1]),
  }
}
