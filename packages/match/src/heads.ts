import { gelu, heUniform, layersOf, linearSpecs, type ParameterSpec, type Parameters } from '@mafjs/tensor'
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'

/** What a head sees of one batch. */
export interface HeadInputs {
  /** T, `[batch, tokens, hidden]`. */
  text: Tensor3D
  /** C, `[batch, tokens, hidden]`. */
  states: Tensor3D
  /** `[batch, tokens]`: which positions count. */
  mask: Tensor2D
}

/** A classifier of `[T ; C]`: its parameters and its logits, `[batch, 2]`. */
export interface Head {
  specs: Record<string, ParameterSpec>
  logits(inputs: HeadInputs, parameters: Parameters): Tensor2D
}

/**
 * A head for any length: the means over the positions of T, of C and of their product, one hidden layer, two logits.
 * Without the product a small head has to learn what agreement is; a linear one on `[T ; C]` cannot express it.
 */
export function pooledHead(hidden: number): Head {
  return {
    specs: {
      ...linearSpecs('dense', 3 * hidden, hidden, heUniform),
      ...linearSpecs('classifier', hidden, 2),
    },
    logits: ({ text, states, mask }, parameters) => {
      const features = tf.concat([text, states, tf.mul(text, states)], 2) // [batch, tokens, 3 * hidden]
      const sum = tf.sum(tf.mul(features, tf.expandDims(mask, 2)), 1)
      const mean = tf.div(sum, tf.maximum(tf.sum(mask, 1, true), 1)) as Tensor2D
      const { linear } = layersOf(parameters)
      return linear(gelu(linear(mean, 'dense')), 'classifier')
    },
  }
}

/** The published head: position by position T then C, all in one row, into one linear layer of a fixed length. */
export function flattenedHead(hidden: number, tokens: number): Head {
  return {
    specs: linearSpecs('classifier', 2 * hidden * tokens, 2),
    logits: ({ text, states, mask }, parameters) => {
      const both = tf.mul(tf.concat([text, states], 2), tf.expandDims(mask, 2)) // [batch, tokens, 2 * hidden]
      const { linear } = layersOf(parameters)
      return linear(tf.reshape(both, [-1, 2 * hidden * tokens]) as Tensor2D, 'classifier')
    },
  }
}
