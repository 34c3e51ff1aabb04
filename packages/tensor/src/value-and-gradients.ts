import type { Scalar, Tensor } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import type { Parameters } from './module'

/** A loss with its gradients by parameter name; a parameter the loss does not reach has none. */
export interface ValueAndGradients {
  value: Scalar
  gradients: Record<string, Tensor>
}

/** The value of `loss` and its gradient with respect to every trainable parameter it reaches. */
export function valueAndGradients(loss: () => Scalar, parameters: Parameters): ValueAndGradients {
  const trainable = Object.entries(parameters).filter(([, variable]) => variable.trainable)
  const { value, grads } = tf.variableGrads(
    loss,
    trainable.map(([, variable]) => variable),
  )
  const reached = trainable.filter(([, variable]) => grads[variable.name])
  return {
    value,
    gradients: Object.fromEntries(reached.map(([name, variable]) => [name, grads[variable.name]!])),
  }
}
