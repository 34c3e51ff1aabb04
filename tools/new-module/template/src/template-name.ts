import { assertDtype, assertShape, linear, presence, withoutPadding } from '@mafjs/tensor'
import type { Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'

/** What `templateName` reads. */
export interface TemplateNameInputs {
  /** X, `[batch, positions, hidden]`. */
  states: Tensor3D
  /** `[batch, positions]`: which positions are real. */
  mask: Tensor2D
  /** W, `[hidden, hidden]`. */
  weight: Tensor2D
  /** b, `[hidden]`. */
  bias: Tensor1D
}

/** What the formula gives. */
export interface TemplateNameOutputs extends Record<string, Tensor2D> {
  /** y, `[batch, hidden]`; zeros where the modality is absent. */
  summary: Tensor2D
}

/**
 * A summary of the real positions: `y = W mean(X) + b`, and 0 where there is none.
 *
 * @throws InvalidArgumentError for shapes that do not fit each other.
 */
export function templateName({ states, mask, weight, bias }: TemplateNameInputs): TemplateNameOutputs {
  const sizes = assertShape('states', states, ['batch', 'positions', 'hidden'])
  assertShape('mask', mask, ['batch', 'positions'], sizes)
  assertShape('weight', weight, ['hidden', 'hidden'], sizes)
  assertShape('bias', bias, ['hidden'], sizes)
  assertDtype('states', states, 'float32')
  assertDtype('mask', mask, 'float32')
  return tf.tidy(() => {
    const total = tf.sum(withoutPadding(states, mask), 1) // [batch, hidden]
    const count = tf.maximum(tf.sum(mask, 1, true), 1) // [batch, 1]
    const summary = linear(tf.div(total, count) as Tensor2D, weight, bias)
    return { summary: withoutPadding(summary, presence(mask)) }
  })
}
