import type { Tensor } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import type { Shape } from '@tensorflow/tfjs-layers'
import { tensorAt } from './paths'

/** Sizes that stand for those that are not known yet: batch, and any other; an output's size that differs is not known. */
const TRIALS = [
  { batch: 2, other: 3 },
  { batch: 3, other: 5 },
] as const

/** What is tried. */
export interface ShapeTrial {
  shapes: readonly Shape[]
  /** Paths of the tensors whose shapes are wanted. */
  outputs: readonly string[]
  /** Applies the module to zeros of full shapes. */
  apply(zeros: Tensor[]): Record<string, Tensor>
}

/** The shapes that a module gives for inputs of some shapes, from applying it to zeros of two sizes. */
export function outputShapes({ shapes, outputs, apply }: ShapeTrial): Shape[] {
  const [first, second] = TRIALS.map(({ batch, other }) =>
    tf.tidy(() => {
      const given = apply(
        shapes.map(shape => tf.zeros(shape.map((size, axis) => size ?? (axis === 0 ? batch : other)))),
      )
      return outputs.map(path => tensorAt('outputs', given, path).shape)
    }),
  )
  return first!.map((shape, i) => shape.map((size, axis) => (size === second![i]![axis] ? size : null)))
}
