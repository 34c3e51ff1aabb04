import type { Rank, Tensor } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { dropoutKernel, GROUP_VALUES, KERNEL_VALUES } from './dropout-kernel'
import { InvalidArgumentError } from './errors'
import type { ApplyOptions } from './module'
import { hashString, type RandomKey, STREAM_KEY } from './random'
import { assertShape } from './shapes'

/** Numbers that 16 random bits can be; each draw has so many, so that one word serves two. */
const DRAWS = 0x10000

function assertRate(rate: number): void {
  if (rate >= 0 && rate < 1) return
  throw new InvalidArgumentError({ argument: 'rate', rule: 'must be in [0, 1)', received: rate })
}

/**
 * Fills `out` with the mask dropout multiplies by: 0 with probability `rate`, rounded to a multiple of 1/65536 below 1,
 * else 1 / (1 - rate). Drawn from a counter-based generator and so the same on every backend, eager or compiled; tfjs's
 * own dropout draws from a global. A shorter mask is the beginning of a longer one.
 *
 * Values 32 g .. 32 g + 31 are the 16-bit halves, the low one first, of word 0 of the Philox blocks 4 g .. 4 g + 3, then
 * of their words 1, 2 and 3.
 *
 * @throws InvalidArgumentError for a rate outside [0, 1).
 */
export function fillDropoutMask(out: Float32Array, rate: number, { seed, step = 0, site }: RandomKey): void {
  assertRate(rate)
  const threshold = Math.min(DRAWS - 1, Math.round(rate * DRAWS))
  const kept = 1 / (1 - rate)
  const place = hashString(site)
  const seedHigh = Math.floor(seed / 0x100000000)
  const { memory, fill } = dropoutKernel()
  const drawn = new Float32Array(memory.buffer)
  for (let start = 0; start < out.length; start += KERNEL_VALUES) {
    const count = Math.min(KERNEL_VALUES, out.length - start)
    const end = Math.ceil(count / GROUP_VALUES) * GROUP_VALUES * Float32Array.BYTES_PER_ELEMENT
    // A block has four words and so eight values.
    fill(end, start / 8, place, step, seedHigh, seed, STREAM_KEY, threshold, kept)
    out.set(count < KERNEL_VALUES ? drawn.subarray(0, count) : drawn, start)
  }
}

/** A new mask of `size` values, as `fillDropoutMask` draws it. */
export function dropoutMask(size: number, rate: number, key: RandomKey): Float32Array {
  const mask = new Float32Array(size)
  fillDropoutMask(mask, rate, key)
  return mask
}

/**
 * Inverted dropout: nothing outside training or at rate 0.
 *
 * @param site the name of the place that drops, unique in its model.
 * @throws InvalidArgumentError for a rate outside [0, 1), or a given mask of another shape.
 */
export function dropout<R extends Rank>(
  x: Tensor<R>,
  rate: number,
  site: string,
  options: ApplyOptions = {},
): Tensor<R> {
  assertRate(rate)
  const { training = false, seed = 0, step = 0, dropoutMask: given } = options
  if (!training || rate === 0) return x
  return tf.tidy(() => {
    if (!given) return tf.mul(x, tf.tensor(dropoutMask(x.size, rate, { seed, step, site }), x.shape))
    const mask = given({ shape: x.shape, rate, seed, step, site })
    assertShape('options.dropoutMask', mask, x.shape)
    return tf.mul(x, mask)
  })
}
