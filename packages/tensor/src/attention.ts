import type { Tensor1D, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { dropout } from './dropout'
import { InvalidArgumentError } from './errors'
import { product, swapLastAxes } from './linear'
import type { ApplyOptions } from './module'
import { assertShape } from './shapes'

/** The added score of a masked position, as in BERT: large enough that float32's softmax gives exactly 0. */
const MASKED_SCORE = -10_000

/** What attention reads. */
export interface AttentionInputs {
  /** `[batch, tokens, hidden]` */
  query: Tensor3D
  /** `[batch, positions, hidden]` */
  key: Tensor3D
  /** `[batch, positions, hidden]` */
  value: Tensor3D
  /** `[batch, positions]`, float32: which keys are real. A row of zeros gives a context of exact zeros. */
  mask: Tensor2D
  /** What is added to the scores: of their shape `[batch, heads, tokens, positions]`, or broadcast to it. @default nothing */
  bias?: Tensor4D | undefined
}

/** How attention is computed. */
export interface AttentionOptions extends ApplyOptions {
  heads: number
  /** What a product of a query and a key is multiplied by. @default 1 / sqrt(hidden / heads) */
  scale?: number | undefined
  /** Dropout of the attention weights. @default 0 */
  dropoutRate?: number | undefined
  /** Dropout site. @default 'attention' */
  site?: string | undefined
}

/** What attention gives, and by which weights. */
export interface Attended extends Record<string, Tensor3D | Tensor4D> {
  /** The context, `[batch, tokens, hidden]`. */
  states: Tensor3D
  /**
   * `[batch, heads, tokens, positions]`, before dropout: what each token takes of each position. Each row sums to 1, and is all
   * zeros where every position is masked.
   */
  weights: Tensor4D
}

/**
 * Multi-head scaled dot-product attention, `softmax(Q K^T / sqrt(d)) V` (Vaswani et al. 2017, eq. 1).
 *
 * @returns the context, `[batch, tokens, hidden]`
 * @throws InvalidArgumentError for shapes that do not fit each other, or heads that do not divide them.
 */
export function multiHeadAttention(inputs: AttentionInputs, options: AttentionOptions): Tensor3D {
  return tf.tidy(() => attend(inputs, options).states)
}

/** {@link multiHeadAttention} with its weights, which are then kept until the caller frees them. */
export function attention(inputs: AttentionInputs, options: AttentionOptions): Attended {
  return tf.tidy(() => {
    const { states, weights, present } = attend(inputs, options)
    return { states, weights: tf.mul(weights, tf.expandDims(present, 3)) as Tensor4D }
  })
}

/** @returns `present` `[batch, 1, 1]`: 0 where every position is masked */
function attend(
  { query, key, value, mask, bias }: AttentionInputs,
  { heads, scale, dropoutRate = 0, site = 'attention', ...options }: AttentionOptions,
): { states: Tensor3D; weights: Tensor4D; present: Tensor3D } {
  const sizes = assertShape('query', query, ['batch', 'tokens', 'hidden'])
  assertShape('key', key, ['batch', 'positions', 'hidden'], sizes)
  assertShape('value', value, ['batch', 'positions', 'hidden'], sizes)
  assertShape('mask', mask, ['batch', 'positions'], sizes)
  const { batch, positions, hidden } = sizes as { batch: number; positions: number; hidden: number }
  if (!Number.isInteger(hidden / heads)) {
    throw new InvalidArgumentError({
      argument: 'heads',
      rule: `must divide hidden (${hidden})`,
      received: heads,
    })
  }
  const split = (x: Tensor3D): Tensor4D =>
    tf.transpose(tf.reshape(x, [batch, -1, heads, hidden / heads]), [0, 2, 1, 3]) // [batch, heads, positions, size]
  const products = product(split(query), swapLastAxes(split(key)))
  const scaled = tf.mul(products, scale ?? 1 / Math.sqrt(hidden / heads))
  const scores = bias ? tf.add(scaled, bias) : scaled
  const masked = tf.mul(tf.sub(1, tf.reshape(mask, [batch, 1, 1, positions])), MASKED_SCORE)
  const weights = tf.softmax(tf.add(scores, masked)) as Tensor4D // [batch, heads, tokens, positions]
  const context = product(dropout(weights, dropoutRate, site, options), split(value))
  const merged = tf.reshape(tf.transpose(context, [0, 2, 1, 3]), [batch, -1, hidden]) as Tensor3D
  // With every position masked the softmax is uniform, not zero: an absent modality must add exactly nothing.
  const present = tf.reshape(tf.max(mask, 1) as Tensor1D, [batch, 1, 1]) as Tensor3D
  return { states: tf.mul(merged, present) as Tensor3D, weights, present }
}
