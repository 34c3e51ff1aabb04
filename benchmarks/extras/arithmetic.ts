import { compile } from '@mafjs/compile'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { quantile } from '../race/statistics'
import type { Measurement } from './measurement'

/** Sides of the squares that are multiplied: one that the caches hold, and one that they do not. */
const SIDES = [512, 2048]

/** About so much is computed for one size. */
const OPERATIONS = 4e11

/** Floating point operations per second of plain matrix products: what no model can be computed faster with. */
export const arithmetic: Measurement = {
  name: 'arithmetic',
  title: 'matrix products of float32 in ONNX Runtime, two threads: the rate that bounds every row',
  measure: async ({ settings }) => {
    const threads = Number(settings['threads'])
    const values = []
    for (const side of SIDES) {
      const product = compile(({ a, b }: Record<'a' | 'b', Tensor2D>) => tf.sum(tf.matMul(a, b)), {
        threads,
        spinning: true,
      })
      const square = {
        data: new Float32Array(side * side).fill(1),
        shape: [side, side],
      } as unknown as Tensor2D
      const times: number[] = []
      const operations = 2 * side ** 3
      for (let run = 0; run < OPERATIONS / operations; run++) {
        const started = performance.now()
        await product.run({ a: square, b: square })
        times.push(performance.now() - started)
      }
      await product.dispose()
      values.push({
        what: `${side} x ${side}`,
        value: operations / quantile(times, 0.5) / 1e6,
        unit: 'GFLOP/s',
      })
    }
    return values
  },
}
