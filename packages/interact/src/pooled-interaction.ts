import {
  assertEncoding,
  createParameters,
  disposeParameters,
  layerNormSpecs,
  layersOf,
  linearSpecs,
  type Module,
  presence,
  withoutPadding,
} from '@mafjs/tensor'
import type { Tensor3D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import type { CrossAttentionModuleInputs, CrossAttentionOutputs } from './cross-attention-module'

/** The options of `createPooledInteraction`, as those of `createCrossAttention`. */
export interface PooledInteractionOptions {
  /** Channels of the token states, of the projected regions and of the result. */
  hidden: number
  /** Channels of the regions as the encoder gives them. */
  imageSize: number
  /** Whether the states of padded tokens are zeros. @default true */
  maskQueries?: boolean | undefined
  /** @default 1e-12 */
  layerNormEpsilon?: number | undefined
  /** Seed of the first parameter values. @default 0 */
  seed?: number | undefined
}

/**
 * What stands in place of the interaction where it is left out: no token looks at the picture, all are given the same, the
 * mean of the projected regions, normalised as the states of the interaction are. The definition is ours.
 */
export function createPooledInteraction({
  hidden,
  imageSize,
  maskQueries = true,
  layerNormEpsilon = 1e-12,
  seed = 0,
}: PooledInteractionOptions): Module<
  CrossAttentionModuleInputs,
  CrossAttentionOutputs,
  Required<PooledInteractionOptions>
> {
  const parameters = createParameters(
    { ...linearSpecs('projection', imageSize, hidden), ...layerNormSpecs('LayerNorm', hidden) },
    seed,
  )
  return {
    config: { hidden, imageSize, maskQueries, layerNormEpsilon, seed },
    apply: ({ text, image }) =>
      tf.tidy(() => {
        const sizes = assertEncoding('text', text, 'tokens', hidden)
        assertEncoding('image', image, 'regions', imageSize, sizes)
        const { linear, layerNorm } = layersOf(parameters)
        const regions = linear(withoutPadding(image.states, image.mask), 'projection') // [batch, regions, hidden]
        const weights = tf.expandDims(image.mask, 2)
        const counts = tf.maximum(tf.sum(weights, 1), 1) // [batch, 1]
        const mean = tf.div(tf.sum(tf.mul(regions, weights), 1), counts)
        const normal = layerNorm(mean, 'LayerNorm', layerNormEpsilon) // [batch, hidden]
        const present = tf.reshape(presence(image.mask), [-1, 1, 1])
        const tokens = tf.expandDims(maskQueries ? text.mask : tf.onesLike(text.mask), 2)
        const states = tf.mul(tf.expandDims(normal, 1), tf.mul(present, tokens))
        return { states: states as Tensor3D, regions }
      }),
    parameters: () => ({ ...parameters }),
    dispose: () => disposeParameters(parameters),
  }
}
