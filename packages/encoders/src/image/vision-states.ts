import {
  type ApplyOptions,
  dropout,
  gelu,
  layersOf,
  linear,
  multiHeadAttention,
  type Parameters,
} from '@mafjs/tensor'
import type { Tensor1D, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { cutPatches } from './cut-patches'
import type { CompleteVisionConfig, VisionActivation } from './vision-config'
import { VISION_NAMES } from './vision-parameters'

const ACTIVATIONS: Record<VisionActivation, (x: Tensor3D) => Tensor3D> = {
  gelu,
  // Hendrycks and Gimpel 2016, section 2.
  quick_gelu: x => tf.mul(x, tf.sigmoid(tf.mul(x, 1.702))) as Tensor3D,
}

/**
 * A vision transformer (Dosovitskiy et al. 2021, eq. 1 to 3) as a pure function of its parameters: patches through one
 * linear layer, the class embedding before them, positions added, then pre-norm layers.
 *
 * @param pixels `[batch, imageSize, imageSize, 3]`, normalised
 * @returns Hugging Face's `last_hidden_state`, `[batch, 1 + patches, hidden]`: the class state, then the patches row by
 * row; ViT's after its last layer norm, CLIP's without one
 * @throws InvalidArgumentError for pictures of another size.
 */
export function visionStates(
  pixels: Tensor4D,
  parameters: Parameters,
  config: CompleteVisionConfig,
  options: ApplyOptions = {},
): Tensor3D {
  const names = VISION_NAMES[config.kind]
  const normalise = (x: Tensor3D, name: string): Tensor3D =>
    layersOf(parameters).layerNorm(x, name, config.layerNormEpsilon)
  return tf.tidy(() => {
    let states = dropout(embed(pixels, parameters, config), config.hiddenDropout, 'embeddings', options)
    if (names.before !== undefined) states = normalise(states, names.before)
    for (let index = 0; index < config.layers; index++) {
      states = preNormLayer(states, parameters, names.layer(index), config, options)
    }
    return config.kind === 'vit' ? normalise(states, names.after) : states
  })
}

/** `[batch, 1 + patches, hidden]`: eq. 1. */
function embed(
  pixels: Tensor4D,
  parameters: Parameters,
  { kind, imageSize, patchSize, hidden }: CompleteVisionConfig,
): Tensor3D {
  const names = VISION_NAMES[kind]
  const patches = cutPatches(pixels, imageSize, patchSize)
  // A convolution whose stride is its size is a product with every patch, which every backend can differentiate.
  const kernel = tf.transpose(parameters[`${names.patches}.weight`]!, [0, 2, 3, 1])
  const weight = tf.reshape(kernel, [hidden, patchSize * patchSize * 3]) as Tensor2D
  const bias: tf.Tensor = parameters[`${names.patches}.bias`]!
  const projected = linear(patches, weight, bias as Tensor1D)
  const token = tf.reshape(parameters[names.classEmbedding]!, [1, 1, hidden])
  const first = tf.mul(tf.ones([pixels.shape[0], 1, 1]), token) as Tensor3D
  const places = tf.reshape(parameters[names.positions]!, [1, -1, hidden])
  return tf.add(tf.concat([first, projected], 1), places) as Tensor3D
}

/** One layer: eq. 2 and 3. */
function preNormLayer(
  states: Tensor3D,
  parameters: Parameters,
  prefix: string,
  { kind, heads, activation, layerNormEpsilon, hiddenDropout, attentionDropout }: CompleteVisionConfig,
  options: ApplyOptions,
): Tensor3D {
  const names = VISION_NAMES[kind]
  const { linear, layerNorm } = layersOf(parameters)
  const normalise = (x: Tensor3D, name: string): Tensor3D => layerNorm(x, name, layerNormEpsilon)
  const name = (part: string): string => `${prefix}.${part}`
  const [batch, positions] = states.shape
  return tf.tidy(() => {
    const input = normalise(states, name(names.attentionNorm))
    const attended = multiHeadAttention(
      {
        query: linear(input, name(names.query)),
        key: linear(input, name(names.key)),
        value: linear(input, name(names.value)),
        mask: tf.ones([batch, positions]),
      },
      { heads, dropoutRate: attentionDropout, site: name('attention'), ...options },
    )
    const output = dropout(linear(attended, name(names.output)), hiddenDropout, name('output'), options)
    const middle = tf.add(states, output) as Tensor3D
    const normalised = normalise(middle, name(names.forwardNorm))
    const expanded = ACTIVATIONS[activation](linear(normalised, name(names.expand)))
    const contracted = linear(expanded, name(names.contract))
    return tf.add(middle, dropout(contracted, hiddenDropout, name('forward'), options)) as Tensor3D
  })
}
