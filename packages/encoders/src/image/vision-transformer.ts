import {
  type ApplyOptions,
  createParameters,
  disposeParameters,
  type Encoding,
  layersOf,
  type Parameters,
} from '@mafjs/tensor'
import type { Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { type CreateOptions, withFirstValues } from '../create-options'
import { type ImageEncoder, type ImageInputs, presentPixels, regionMask } from './image-inputs'
import { type CompleteVisionConfig, completeVisionConfig, type VisionConfig } from './vision-config'
import { VISION_NAMES, visionSpecs } from './vision-parameters'
import { visionStates } from './vision-states'
import { withoutGradient } from './without-gradient'

/**
 * ViT, or the vision model of CLIP. The regions are the patches of `last_hidden_state`; the summary is ViT's class state
 * after the last layer norm (its pooler is not used), and CLIP's `pooler_output`, the class state through
 * `post_layernorm` (its `visual_projection` is not used).
 *
 * @returns states `[batch, (imageSize / patchSize)^2, hidden]`; the mask is 0 where there is no picture
 * @throws InvalidArgumentError for a configuration or inputs that break a rule, such as pictures of another size: the
 * position embeddings are those of one size.
 */
export function createVisionTransformer(
  config: VisionConfig,
  options: CreateOptions = {},
): ImageEncoder<CompleteVisionConfig> {
  const complete = completeVisionConfig(config)
  const parameters = createParameters(withFirstValues(visionSpecs(complete), options), complete.seed)
  return {
    config: complete,
    apply: (inputs, applyOptions) =>
      tf.tidy(() => ({ ...encodePixels(inputs, parameters, complete, applyOptions) })),
    parameters: () => ({ ...parameters }),
    dispose: () => disposeParameters(parameters),
  }
}

function encodePixels(
  inputs: ImageInputs,
  parameters: Parameters,
  config: CompleteVisionConfig,
  options?: ApplyOptions,
): Encoding {
  const { kind, imageSize, patchSize, hidden, trainable, layerNormEpsilon } = config
  const regions = (imageSize / patchSize) ** 2
  const pixels = presentPixels(inputs)
  // What is not trained has no use for dropout, and gives the same whether it runs inside a training step or before it.
  const encode = (x: Tensor4D): Tensor3D =>
    visionStates(x, parameters, config, trainable ? options : undefined)
  const all = trainable ? encode(pixels) : withoutGradient(encode, pixels)
  const [batch] = all.shape
  const states = tf.slice(all, [0, 1, 0], [batch, regions, hidden])
  const first = tf.reshape(tf.slice(all, [0, 0, 0], [batch, 1, hidden]), [batch, hidden]) as Tensor2D
  return {
    states,
    summary: kind === 'vit' ? first : normaliseClass(first, parameters, layerNormEpsilon),
    mask: regionMask(inputs.present, regions),
  }
}

function normaliseClass(first: Tensor2D, parameters: Parameters, epsilon: number): Tensor2D {
  const { after } = VISION_NAMES.clip
  return layersOf(parameters).layerNorm(first, after, epsilon)
}
