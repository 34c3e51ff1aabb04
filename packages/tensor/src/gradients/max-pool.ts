import type { NamedAttrMap, Tensor } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'

type Shape4D = [number, number, number, number]

/**
 * The gradient of a maximum pooling, in JavaScript: the first place of a window that holds its maximum has it, as in tfjs's other
 * backends. Of tfjs 4.22's wasm the kernel gives it to the last such place, and to none where all are 0 or less.
 *
 * @param dy `[batch, rows, columns, channels]`
 * @param x `[batch, height, width, channels]`
 */
export function placeOfMaximum(dy: Tensor, x: Tensor, attributes: NamedAttrMap): Tensor {
  const { filterSize, strides, pad, dimRoundingMode } = attributes
  const shape = x.shape as Shape4D
  const given = [filterSize, strides, 1, pad, dimRoundingMode] as [number, number, 1, number, 'floor']
  const w = tf.backend_util.computePool2DInfo(shape, ...given)
  const [height, width, channels] = [w.inHeight, w.inWidth, w.inChannels]
  const [values, slopes] = [x.dataSync(), dy.dataSync()]
  const gradient = new Float32Array(x.size)
  let from = 0
  for (let n = 0; n < w.batchSize; n++) {
    for (let row = 0; row < w.outHeight; row++) {
      const top = row * w.strideHeight - w.padInfo.top
      const bottom = Math.min(top + w.filterHeight, height)
      for (let column = 0; column < w.outWidth; column++) {
        const left = column * w.strideWidth - w.padInfo.left
        const right = Math.min(left + w.filterWidth, width)
        for (let channel = 0; channel < channels; channel++) {
          let [most, place] = [Number.NEGATIVE_INFINITY, -1]
          for (let i = Math.max(top, 0); i < bottom; i++) {
            for (let j = Math.max(left, 0); j < right; j++) {
              const at = ((n * height + i) * width + j) * channels + channel
              if (values[at]! > most) [most, place] = [values[at]!, at]
            }
          }
          if (place >= 0) gradient[place]! += slopes[from]!
          from++
        }
      }
    }
  }
  return tf.tensor(gradient, shape)
}
