import type { Rank, Tensor } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { InvalidArgumentError } from './errors'
import type { ApplyOptions } from './module'
import { type RandomKey, randomWords } from './random'

/**
 * The mask dropout multiplies by: 0 with probability `rate`, else 1 / (1 - rate). Drawn from a counter-based
 * generator and so the same on every backend, eager or compiled; tfjs's own dropout draws from a global.
 */
export function dropoutMask(size: number, rate: number, key: RandomKey): Float32Array {
  const words = randomWords(size, key)
  const threshold = rate * 0x100000000
  const kept = 1 / (1 - rate)
  const mask = new Float32Array(size)
  for (let i = 0; i < size; i++) mask[i] = words[i]! < threshold ? 0 : kept
  return mask
}

/**
 * Inverted dropout: nothing outside training or at rate 0.
 *
 * @param site the name of the place that drops, unique in its model.
 * @throws InvalidArgumentError for a rate outside [0, 1).
 */
export function dropout<R extends Rank>(
  x: Tensor<R>,
  rate: number,
  site: string,
  { training = false, seed = 0, step = 0 }: ApplyOptions = {},
): Tensor<R> {
  if (!(rate >= 0 && rate < 1)) {
    throw new InvalidArgumentError({ argument: 'rate', rule: 'must be in [0, 1)', received: rate })
  }
  if (!training || rate === 0) return x
  return tf.tidy(() => tf.mul(x, tf.tensor(dropoutMask(x.size, rate, { seed, step, site }), x.shape)))
}
