import { product } from '@mafjs/tensor'
import type { Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'

/**
 * Adaptive average pooling to `grid x grid` regions: region i covers rows `floor(i * height / grid)` up to
 * `ceil((i + 1) * height / grid)`, and columns likewise, so that any map gives the same number of regions.
 *
 * @param map `[batch, height, width, channels]`
 * @returns `[batch, grid * grid, channels]`, row by row
 */
export function regionGrid(map: Tensor4D, grid: number): Tensor3D {
  const [batch, height, width, channels] = map.shape
  if (height === grid && width === grid) return tf.reshape(map, [batch, grid * grid, channels])
  const rows = windowMeans(height, grid)
  const columns = windowMeans(width, grid)
  // One product with the weight of every pixel in every region: all backends can differentiate it.
  const weights = new Float32Array(grid * grid * height * width)
  for (let region = 0; region < grid * grid; region++) {
    const row = rows[Math.floor(region / grid)]!
    const column = columns[region % grid]!
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) weights[(region * height + y) * width + x] = row[y]! * column[x]!
    }
  }
  const pixels = tf.reshape(tf.transpose(map, [1, 2, 0, 3]), [height * width, batch * channels]) as Tensor2D
  const pooled = product(tf.tensor2d(weights, [grid * grid, height * width]), pixels)
  return tf.transpose(tf.reshape(pooled, [grid * grid, batch, channels]), [1, 0, 2])
}

/** For each window along one axis, the weight of every position in its mean. */
function windowMeans(length: number, grid: number): number[][] {
  return Array.from({ length: grid }, (_, i) => {
    const start = Math.floor((i * length) / grid)
    const end = Math.ceil(((i + 1) * length) / grid)
    return Array.from({ length }, (_, at) => (at >= start && at < end ? 1 / (end - start) : 0))
  })
}
