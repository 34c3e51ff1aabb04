import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { exportOnnx } from '@mafjs/compile'
import { useEngine } from '@mafjs/compile/engine'
import { uniform } from '@mafjs/tensor'
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'

/** Writes what a function makes of pictures `[batch, size, size, 3]` as an `.onnx` file; gives its path. */
export async function writeOnnx(
  outputs: (pixels: Tensor4D) => Record<string, Tensor>,
  size: number,
  folder: string,
): Promise<string> {
  await useEngine({ engine: 'onnx', threads: 1 })
  const pixels = { shape: ['batch', size, size, 3] }
  const file = join(folder, 'image.onnx')
  await writeFile(file, await exportOnnx((given: { pixels: Tensor4D }) => outputs(given.pixels), { pixels }))
  return file
}

/** One convolution over pictures of 12 x 12: 3 x 3 regions of 5 channels, channels first and last, and their mean. */
export const writeTinyOnnx = (folder: string): Promise<string> =>
  writeOnnx(
    pixels => {
      const drawn = uniform(4 * 4 * 3 * 5, { seed: 3, site: 'filter' }).map(value => value - 0.5)
      const last = tf.conv2d(pixels, tf.tensor4d(drawn, [4, 4, 3, 5]), 4, 'valid')
      return { last, first: tf.transpose(last, [0, 3, 1, 2]), pooled: tf.mean(last, [1, 2]) }
    },
    12,
    folder,
  )
