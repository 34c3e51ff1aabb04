import { createParameters, disposeParameters } from '@mafjs/tensor'
import { type CreateOptions, withFirstValues } from '../create-options'
import { encodeMap } from './encode-map'
import type { ImageEncoder } from './image-inputs'
import { type CompleteResNetConfig, completeResNetConfig, type ResNetConfig } from './resnet-config'
import { resNetSpecs } from './resnet-specs'
import { resNetStages } from './resnet-stages'

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
    apply: inputs => encodeMap(inputs, x => resNetStages(x, parameters, complete).layer4, complete.trainable),
    parameters: () => ({ ...parameters }),
    dispose: () => disposeParameters(parameters),
  }
}
