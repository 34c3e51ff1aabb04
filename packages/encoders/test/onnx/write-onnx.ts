import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { exportOnnx } from '@mafjs/compile'
import { useEngine } from '@mafjs/compile/engine'
import { uniform } from '@mafjs/tensor'
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { newFolder } from '../new-folder'

/** Side of the tiny model's pictures, and what it makes of them: 3 x 3 regions of 5 channels. */
export const TINY = { size: 12, regions: 9, channels: 5 } as const

/** Two convolutions, as a map `[batch, 3, 3, 5]`. */
export function tinyMap(pixels: Tensor4D): Tensor4D {
  const weight = (shape: [number, number, number, number], site: string): Tensor4D => {
    const values = uniform(
      shape.reduce((size, length) => size * length, 1),
      { seed: 3, site },
    )
    return tf.tensor4d(
      values.map(value => value - 0.5),
      shape,
    )
  }
  const first = tf.relu(tf.conv2d(pixels, weight([2, 2, 3, 4], 'first'), 2, 'valid')) as Tensor4D
  return tf.conv2d(first, weight([2, 2, 4, 5], 'second'), 2, 'valid') as Tensor4D
}

/** How a model is written. */
export interface WriteOnnxOptions {
  layout?: 'NCHW' | 'NHWC'
  /** How many pictures it takes. @default any number */
  batch?: number | 'batch'
  size?: number
}

/** Writes what a function makes of pictures `[batch, size, size, 3]` as an `.onnx` file; gives its path. */
export async function writeOnnx(
  outputs: (pixels: Tensor4D) => Record<string, Tensor>,
  { layout = 'NCHW', batch = 'batch', size = TINY.size }: WriteOnnxOptions = {},
  folder?: string,
): Promise<string> {
  await useEngine({ engine: 'onnx', threads: 1 })
  const shape = layout === 'NCHW' ? [batch, 3, size, size] : [batch, size, size, 3]
  const bytes = await exportOnnx(
    ({ pictures }: { pictures: Tensor4D }) =>
      outputs(layout === 'NCHW' ? (tf.transpose(pictures, [0, 2, 3, 1]) as Tensor4D) : pictures),
    { pictures: { shape } },
  )
  const file = join(folder ?? (await newFolder()), 'image.onnx')
  await writeFile(file, bytes)
  return file
}

/** The tiny model with its map in both layouts, as a sequence, its mean, and what is none of these. */
export const writeTinyOnnx = (options: WriteOnnxOptions = {}, folder?: string): Promise<string> =>
  writeOnnx(
    pixels => {
      const last = tinyMap(pixels)
      const [batch] = last.shape
      return {
        last,
        first: tf.transpose(last, [0, 3, 1, 2]),
        sequence: tf.reshape(last, [batch, TINY.regions, TINY.channels]),
        pooled: tf.mean(last, [1, 2]),
        most: tf.max(last, [1, 2], true),
        cube: tf.slice(last, [0, 0, 0, 0], [batch, 3, 3, 3]),
        whole: tf.sum(last, 0, true),
      }
    },
    options,
    folder,
  )
