import { InvalidArgumentError } from '@mafjs/tensor'
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'

/**
 * Applies a function off the gradient tape, which would otherwise keep every map of a frozen network until the
 * training step is over.
 */
export function withoutGradient<Result extends Tensor>(fn: (x: Tensor4D) => Result, input: Tensor4D): Result {
  return tf.customGrad(x => ({
    value: fn(x as Tensor4D),
    gradFunc: (): Tensor => {
      throw new InvalidArgumentError({
        argument: 'config.trainable',
        rule: 'must be true for a gradient to pass through the image encoder to its pixels',
        received: false,
      })
    },
  }))(input) as Result
}
