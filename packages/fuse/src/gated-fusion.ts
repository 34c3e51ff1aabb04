import { assertDtype, assertShape, linear } from '@mafjs/tensor'
import type { Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'

/** What `gatedFusion` reads. */
export interface GatedFusionInputs {
  /** T, `[batch, tokens, hidden]`. */
  text: Tensor3D
  /** C', `[batch, tokens, hidden]`: what the image says about every token, already weighed by its match. */
  states: Tensor3D
  /** W_t, `[hidden, hidden]`. */
  textWeight: Tensor2D
  /** b_t, `[hidden]`. */
  textBias: Tensor1D
  /** W_c, `[hidden, hidden]`. */
  imageWeight: Tensor2D
  /** b_c, `[hidden]`. */
  imageBias: Tensor1D
}

/** What fusion gives. */
export interface GatedFusionOutputs extends Record<string, Tensor3D> {
  /** F, `[batch, tokens, 2 * hidden]`. */
  states: Tensor3D
  /** g, `[batch, tokens, hidden]`, each in (0, 1). */
  gate: Tensor3D
}

/**
 * Cross-modal fusion: `g = sigmoid(W_t T + b_t + W_c C' + b_c)`, `F = [T ; g * C']`.
 * Source: MAF (doi 10.1145/3488560.3498475); both biases are the published code's.
 *
 * @throws InvalidArgumentError for shapes that do not fit each other.
 */
export function gatedFusion({
  text,
  states,
  textWeight,
  textBias,
  imageWeight,
  imageBias,
}: GatedFusionInputs): GatedFusionOutputs {
  const sizes = assertShape('text', text, ['batch', 'tokens', 'hidden'])
  assertShape('states', states, ['batch', 'tokens', 'hidden'], sizes)
  assertShape('textWeight', textWeight, ['hidden', 'hidden'], sizes)
  assertShape('textBias', textBias, ['hidden'], sizes)
  assertShape('imageWeight', imageWeight, ['hidden', 'hidden'], sizes)
  assertShape('imageBias', imageBias, ['hidden'], sizes)
  assertDtype('text', text, 'float32')
  assertDtype('states', states, 'float32')
  return tf.tidy(() => {
    const gate = tf.sigmoid(
      tf.add(linear(text, textWeight, textBias), linear(states, imageWeight, imageBias)),
    )
    return { states: tf.concat([text, tf.mul(gate, states)], 2) as Tensor3D, gate: gate as Tensor3D }
  })
}
