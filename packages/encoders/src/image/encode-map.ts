import type { Encoding } from '@mafjs/tensor'
import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { type ImageInputs, presentPixels, regionMask } from './image-inputs'
import { regionGrid } from './region-grid'
import { withoutGradient } from './without-gradient'

/** Regions along each side, as MAF has them: 7 x 7 = 49. */
const GRID = 7

/** The last map of a convolutional network, pooled to 7 x 7, as region states, and its mean as the summary. */
export function encodeMap(
  inputs: ImageInputs,
  lastMap: (pixels: Tensor4D) => Tensor4D,
  trainable: boolean,
): Encoding {
  return tf.tidy(() => {
    const pixels = presentPixels(inputs)
    const tidied = (x: Tensor4D): Tensor4D => tf.tidy(() => lastMap(x))
    const map = trainable ? tidied(pixels) : withoutGradient(tidied, pixels)
    // The published code takes the mean of the map itself; it differs from the regions' mean where they overlap.
    const summary = tf.mean(map, [1, 2]) as Tensor2D
    return { states: regionGrid(map, GRID), summary, mask: regionMask(inputs.present, GRID * GRID) }
  })
}
