import { createParameters, disposeParameters, type Encoding, type Parameters } from '@mafjs/tensor'
import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { type CreateOptions, withFirstValues } from '../create-options'
import { type ImageEncoder, type ImageInputs, presentPixels, regionMask } from './image-inputs'
import { regionGrid } from './region-grid'
import { type CompleteResNetConfig, completeResNetConfig, type ResNetConfig } from './resnet-config'
import { resNetSpecs } from './resnet-specs'
import { resNetStages } from './resnet-stages'
import { withoutGradient } from './without-gradient'

/** Regions along each side, as MAF has them: 7 x 7 = 49. */
const GRID = 7

/**
 * ResNet as MAF uses it: the last map, pooled to 7 x 7, is the region states, and its mean the summary.
 *
 * @returns states `[batch, 49, channels]` with 512 or 2048 channels; the mask is 0 where there is no picture
 * @throws InvalidArgumentError for a configuration or inputs that break a rule.
 */
export function createResNetEncoder(
  config: ResNetConfig,
  options: CreateOptions = {},
): ImageEncoder<CompleteResNetConfig> {
  const complete = completeResNetConfig(config)
  const parameters = createParameters(withFirstValues(resNetSpecs(complete), options), complete.seed)
  return {
    config: complete,
    apply: inputs => tf.tidy(() => ({ ...encodePixels(inputs, parameters, complete) })),
    parameters: () => ({ ...parameters }),
    dispose: () => disposeParameters(parameters),
  }
}

function encodePixels(inputs: ImageInputs, parameters: Parameters, config: CompleteResNetConfig): Encoding {
  const pixels = presentPixels(inputs)
  const lastMap = (x: Tensor4D): Tensor4D => tf.tidy(() => resNetStages(x, parameters, config).layer4)
  const map = config.trainable ? lastMap(pixels) : withoutGradient(lastMap, pixels)
  // The published code takes the mean of the map itself; it differs from the regions' mean where they overlap.
  const summary = tf.mean(map, [1, 2]) as Tensor2D
  return { states: regionGrid(map, GRID), summary, mask: regionMask(inputs.present, GRID * GRID) }
}
