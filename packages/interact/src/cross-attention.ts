import { type AttentionOptions, assertShape, multiHeadAttention, withoutPadding } from '@mafjs/tensor'
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'

/** What `crossAttention` reads. */
export interface CrossAttentionInputs {
  /** `[batch, tokens, hidden]`, the queries. */
  text: Tensor3D
  /** `[batch, regions, hidden]`, the keys and values. */
  regions: Tensor3D
  /** `[batch, regions]`, float32: which regions are real. A row of zeros gives exact zeros. */
  mask: Tensor2D
}

/**
 * Attention of one modality to another without any parameter: every token takes the regions that fit it,
 * `softmax(T V^T / sqrt(d)) V` per head. Source: MAF (doi 10.1145/3488560.3498475), cross-modal interaction.
 *
 * @returns text-aware image states, `[batch, tokens, hidden]`
 * @throws InvalidArgumentError for shapes that do not fit each other.
 */
export function crossAttention(
  { text, regions, mask }: CrossAttentionInputs,
  options: AttentionOptions,
): Tensor3D {
  const sizes = assertShape('regions', regions, ['batch', 'regions', 'hidden'])
  assertShape('text', text, ['batch', 'tokens', 'hidden'], sizes)
  assertShape('mask', mask, ['batch', 'regions'], sizes)
  return tf.tidy(() => {
    const real = withoutPadding(regions, mask)
    return multiHeadAttention({ query: text, key: real, value: real, mask }, options)
  })
}
