import { type ApplyOptions, assertShape, type Encoding, product } from '@mafjs/tensor'
import type { Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import type { ImageEncoder } from './image-inputs'

/** Pictures, and which examples have them: any number each, and none is encoded twice. */
export interface PlacedPictures {
  /** `[pictures, height, width, 3]`, float32, normalised; finite numbers, those of pictures that nobody has too. */
  pixels: Tensor4D
  /** `[batch, places, pictures]`, float32: a 1 where the example has that picture in that place, zeros for an empty place. */
  choice: Tensor3D
}

/**
 * Encodes pictures, and gives each example those it has: their regions one after another, `[batch, places * regions,
 * channels]`, and the mean of their summaries. An example without pictures is a row of zeros.
 *
 * @throws InvalidArgumentError for a wrong shape.
 */
export function encodePlaced(
  encoder: ImageEncoder,
  { pixels, choice }: PlacedPictures,
  options?: ApplyOptions,
): Encoding {
  const sizes = assertShape('inputs.pixels', pixels, ['pictures', 'height', 'width', 3])
  assertShape('inputs.choice', choice, ['batch', 'places', 'pictures'], sizes)
  const [batch, places, pictures] = choice.shape
  return tf.tidy(() => {
    const present = tf.ones([pictures]) as Tensor1D
    const { states, summary, mask } = encoder.apply({ pixels, present }, options)
    const place = <T extends Tensor>(regions: T): T => {
      const [, length, ...rest] = regions.shape as [number, number, ...number[]]
      const numbers = rest.reduce((size, one) => size * one, length)
      const rows = chosen(choice, tf.reshape(regions, [pictures, numbers]) as Tensor2D)
      return tf.reshape(rows, [batch, places * length, ...rest]) as T
    }
    // Of one picture its own, of several their mean.
    const counts = tf.maximum(tf.sum(choice, [1, 2]), 1)
    const sums = product(tf.sum(choice, 1) as Tensor2D, summary)
    return {
      states: place(states),
      summary: tf.div(sums, tf.reshape(counts, [batch, 1])) as Tensor2D,
      mask: place(mask),
    }
  })
}

/** `[batch, places, numbers]`, of every picture its row. The choice is no stack of matrices for rows: there may be no picture. */
function chosen(choice: Tensor3D, rows: Tensor2D): Tensor {
  return tf.customGrad((...inputs) => {
    const [x] = inputs as [Tensor]
    return {
      value: tf.matMul(choice, x),
      gradFunc: (dz: Tensor) => {
        const [count, numbers] = rows.shape
        const places = tf.reshape(choice, [-1, count]) as Tensor2D
        return tf.matMul(tf.transpose(places) as Tensor2D, tf.reshape(dz, [-1, numbers]) as Tensor2D)
      },
    }
  })(rows)
}
