import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { assertDtype, assertShape, type Dimensions } from './shapes'

/** One modality of a batch, whatever encoder made it: a sequence of states, a summary, a mask. */
export interface Encoding {
  /** `[batch, positions, hidden]`: word pieces, image regions, audio frames ... */
  states: Tensor3D
  /** `[batch, hidden]`: the whole sentence, the whole picture. */
  summary: Tensor2D
  /** `[batch, positions]`, float32: 1 = real, 0 = padding; a row of zeros = this modality is absent. */
  mask: Tensor2D
}

/**
 * Checks that the three tensors of an encoding belong together, and binds their dimension words.
 *
 * @param positions the word for this modality's positions, e.g. `tokens` or `regions`.
 * @param hidden the word (or number) for its channel size.
 * @throws InvalidArgumentError naming the tensor that does not fit.
 */
export function assertEncoding(
  argument: string,
  encoding: Encoding,
  positions: string,
  hidden: string | number,
  dimensions: Dimensions = {},
): Dimensions {
  const shapes = {
    states: ['batch', positions, hidden],
    summary: ['batch', hidden],
    mask: ['batch', positions],
  }
  for (const part of ['states', 'summary', 'mask'] as const) {
    assertShape(`${argument}.${part}`, encoding?.[part] as Tensor, shapes[part], dimensions)
    assertDtype(`${argument}.${part}`, encoding[part], 'float32')
  }
  return dimensions
}

/** Which examples have this modality at all: 1 where the mask has a real position, else 0. `[batch]`. */
export function presence(mask: Tensor2D): Tensor1D {
  return tf.max(mask, 1) as Tensor1D
}

/**
 * `x` with zeros where its mask is 0, so that nothing that stands there, not even NaN, reaches a value or a gradient; a
 * product with the mask would keep NaN and infinity.
 *
 * @param x `[batch, ...]`
 * @param mask `[batch]` or `[batch, positions]`: the first axes of `x`
 */
export function withoutPadding<T extends Tensor>(x: T, mask: Tensor1D | Tensor2D): T {
  return tf.tidy(() => {
    const places = tf.reshape(mask, [...mask.shape, ...x.shape.slice(mask.rank).map(() => 1)])
    // Multiplied to the full size: `where` would repeat its condition by Tile, ten times slower on wasm.
    const isReal = tf.greater(tf.mul(tf.onesLike(x), places), 0)
    return tf.where(isReal, x, tf.zerosLike(x)) as T
  })
}

/** A mask from lengths: `[batch, positions]`, 1 at every position below its row's length. */
export function maskFromLengths(lengths: readonly number[], positions = Math.max(...lengths)): Tensor2D {
  const values = new Float32Array(lengths.length * positions)
  for (const [row, length] of lengths.entries()) values.fill(1, row * positions, row * positions + length)
  return tf.tensor2d(values, [lengths.length, positions])
}
