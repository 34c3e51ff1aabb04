import {
  assertEncoding,
  assertLayers,
  assertSizes,
  attendingLayer,
  createParameters,
  disposeParameters,
  type Encoding,
  InvalidArgumentError,
  layersOf,
  linearSpecs,
  type Module,
  presence,
  transformerLayer,
  transformerLayerSpecs,
  withoutPadding,
} from '@mafjs/tensor'
import type { Tensor3D, Tensor4D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'

/** The options of `createCrossAttention`. */
export interface CrossAttentionOptions {
  /** Channels of the token states, of the projected regions and of the result. */
  hidden: number
  /** Channels of the regions as the encoder gives them, e.g. 2048. */
  imageSize: number
  /** Heads of the attention; `hidden` is a multiple of it. */
  heads: number
  /** Inner size of the feed-forward part. @default 4 * hidden */
  intermediate?: number | undefined
  /** How many layers, one upon the other. @default 1 */
  layers?: number | undefined
  /**
   * Whether the queries are added to what the attention brings: with `'query'` every result carries its own sentence, so
   * that matching may be solved text-to-text; with `'none'` the text acts through the attention weights alone.
   * @default 'none'
   */
  residual?: 'query' | 'none' | undefined
  /** Whether the states of padded tokens are zeros instead of computed like any other. @default true */
  maskQueries?: boolean | undefined
  /** Dropout of the layer's outputs in training. @default 0.1 */
  hiddenDropout?: number | undefined
  /** Dropout of the attention weights in training. @default 0.1 */
  attentionDropout?: number | undefined
  /** @default 1e-12 */
  layerNormEpsilon?: number | undefined
  /** Seed of the first parameter values. @default 0 */
  seed?: number | undefined
}

/** The two presets; they differ in these options alone. */
export const crossAttentionPresets = {
  /** The published code's: C carries its own sentence, and padded tokens are computed as they are. */
  reference: { residual: 'query', maskQueries: false },
  /** C is made of the image alone. */
  default: { residual: 'none', maskQueries: true },
} as const

/** What the module reads. */
export interface CrossAttentionModuleInputs {
  text: Encoding
  image: Encoding
}

/** What the module gives. */
export interface CrossAttentionOutputs {
  /** C, `[batch, tokens, hidden]`: the text-aware image states; exact zeros where the image is absent. */
  states: Tensor3D
  /** `[batch, regions, hidden]`, the projected regions. */
  regions: Tensor3D
  /**
   * `[batch, heads, tokens, regions]`, only where it is asked for: by which weights each token looks at the regions in the last
   * layer. Each row sums to 1; exact zeros where the image is absent.
   */
  attention?: Tensor4D | undefined
}

/**
 * Cross-modal interaction: a linear layer takes the regions to `hidden`, then BERT layers attend from the tokens to them.
 * Source: MAF (doi 10.1145/3488560.3498475).
 *
 * @throws InvalidArgumentError for an option out of range.
 */
export function createCrossAttention({
  hidden,
  imageSize,
  heads,
  intermediate = 4 * hidden,
  layers = 1,
  residual = 'none',
  maskQueries = true,
  hiddenDropout = 0.1,
  attentionDropout = 0.1,
  layerNormEpsilon = 1e-12,
  seed = 0,
}: CrossAttentionOptions): Module<
  CrossAttentionModuleInputs,
  CrossAttentionOutputs,
  Required<CrossAttentionOptions>
> {
  const config = {
    hidden,
    imageSize,
    heads,
    intermediate,
    layers,
    residual,
    maskQueries,
    hiddenDropout,
    attentionDropout,
    layerNormEpsilon,
    seed,
  }
  assertOptions(config)
  const prefixes = Array.from({ length: layers }, (_, layer) => `layer.${layer}`)
  const parameters = createParameters(
    {
      ...linearSpecs('projection', imageSize, hidden),
      ...Object.assign({}, ...prefixes.map(prefix => transformerLayerSpecs(prefix, config))),
    },
    seed,
  )

  return {
    config,
    apply: ({ text, image }, { attention: isAsked = false, ...options } = {}) =>
      tf.tidy(() => {
        const sizes = assertEncoding('text', text, 'tokens', hidden)
        assertEncoding('image', image, 'regions', imageSize, sizes)
        const seen = withoutPadding(image.states, image.mask)
        const regions = layersOf(parameters).linear(seen, 'projection') // [batch, regions, hidden]
        let weights: Tensor4D | undefined
        const attended = prefixes.reduce((states, prefix, layer) => {
          const given = [
            { states, context: regions, mask: image.mask },
            parameters,
            prefix,
            config,
            { ...options, residual: residual === 'query' },
          ] as const
          if (!isAsked || layer < layers - 1) return transformerLayer(...given)
          const last = attendingLayer(...given)
          weights = last.weights
          return last.states
        }, text.states) // [batch, tokens, hidden]
        // Biases and the residual would fill the states of an absent image, which must add exactly nothing.
        const present = tf.reshape(presence(image.mask), [-1, 1, 1])
        const kept = maskQueries ? tf.mul(present, tf.expandDims(text.mask, 2)) : present
        return { states: tf.mul(attended, kept) as Tensor3D, regions, ...(weights && { attention: weights }) }
      }),
    parameters: () => ({ ...parameters }),
    dispose: () => disposeParameters(parameters),
  }
}

function assertOptions(config: Required<CrossAttentionOptions>): void {
  const refuse = (argument: string, rule: string, received: unknown): never => {
    throw new InvalidArgumentError({ argument, rule, received })
  }
  const { hidden, imageSize, heads, intermediate, layers, residual } = config
  assertSizes({ hidden, imageSize, heads, intermediate })
  assertLayers(layers)
  if (hidden % heads !== 0) refuse('heads', `must divide hidden (${hidden})`, heads)
  if (residual !== 'query' && residual !== 'none') refuse('residual', "must be 'query' or 'none'", residual)
  for (const argument of ['hiddenDropout', 'attentionDropout'] as const) {
    if (!(config[argument] >= 0 && config[argument] < 1))
      refuse(argument, 'must be in [0, 1)', config[argument])
  }
}
