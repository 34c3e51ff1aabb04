import { createParameters, disposeParameters, type Parameters } from '@mafjs/tensor'
import type { Tensor4D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { type CreateOptions, withFirstValues } from '../create-options'
import { convolve } from './convolve'
import { blockNames, efficientNetBlocks, efficientNetSpecs } from './efficientnet-blocks'
import {
  type CompleteEfficientNetConfig,
  completeEfficientNetConfig,
  type EfficientNetConfig,
} from './efficientnet-config'
import { encodeMap } from './encode-map'
import type { ImageEncoder } from './image-inputs'

/**
 * EfficientNet-Lite (Tan and Le 2019, without squeeze-and-excitation and with ReLU6): the last map, pooled to 7 x 7, is the
 * region states, and its mean the summary.
 *
 * @returns states `[batch, 49, 1280]`; the mask is 0 where there is no picture
 * @throws InvalidArgumentError for a configuration or inputs that break a rule.
 */
export function createEfficientNetEncoder(
  config: EfficientNetConfig,
  options: CreateOptions = {},
): ImageEncoder<CompleteEfficientNetConfig> {
  const complete = completeEfficientNetConfig(config)
  const parameters = createParameters(withFirstValues(efficientNetSpecs(complete), options), complete.seed)
  return {
    config: complete,
    apply: inputs => encodeMap(inputs, x => efficientNetMap(x, parameters, complete), complete.trainable),
    parameters: () => ({ ...parameters }),
    dispose: () => disposeParameters(parameters),
  }
}

/** The last map, `[batch, height / 32, width / 32, 1280]`. */
function efficientNetMap(
  pixels: Tensor4D,
  parameters: Parameters,
  { scale, padding, batchNormEpsilon: epsilon }: CompleteEfficientNetConfig,
): Tensor4D {
  const relu6 = { activation: 'relu6', padding, epsilon } as const
  let x = convolve(pixels, parameters, { ...relu6, name: 'conv_stem', norm: 'bn1', stride: 2 })
  for (const { name, stride, inSize, outSize, expands } of efficientNetBlocks(scale)) {
    const { expand, depthwise, project } = blockNames(name, expands)
    const one = ([convolution, norm]: readonly [string, string]) =>
      ({ name: convolution, norm, stride: 1 }) as const
    const expanded = expand ? convolve(x, parameters, { ...relu6, ...one(expand) }) : x
    const filtered = convolve(expanded, parameters, { ...relu6, ...one(depthwise), stride, depthwise: true })
    const result = convolve(filtered, parameters, { ...relu6, ...one(project), activation: 'linear' })
    x = stride === 1 && inSize === outSize ? (tf.add(x, result) as Tensor4D) : result
  }
  return convolve(x, parameters, { ...relu6, name: 'conv_head', norm: 'bn2', stride: 1 })
}
