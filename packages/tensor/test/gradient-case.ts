import { uniform } from '@mafjs/tensor'
import type { Tensor } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'

/** Numbers between two others, the same for a place and a shape. */
export const draw = (shape: number[], low: number, high: number, site = 'x'): Tensor => {
  const size = shape.reduce((a, b) => a * b, 1)
  return tf.tensor(
    uniform(size, { seed: 3, site }).map(value => low + (high - low) * value),
    shape,
  )
}

/** A function of the kernel's inputs, which are drawn in ranges where it has slopes. */
export type GradientCase = [
  kernel: string,
  f: (...x: Tensor[]) => Tensor,
  inputs: [shape: number[], low: number, high: number][],
]
/** A case of a kernel with one input. */
export const unary = (
  kernel: string,
  f: (x: Tensor) => Tensor,
  low = 0.3,
  high = 0.9,
  shape = [2, 3],
): GradientCase => [kernel, f, [[shape, low, high]]]
/** A case of a kernel with two inputs that broadcast. */
export const binary = (kernel: string, f: (a: Tensor, b: Tensor) => Tensor): GradientCase => [
  kernel,
  f,
  [
    [[2, 1, 3], 1.1, 1.9],
    [[4, 1], 0.2, 0.9],
  ],
]
