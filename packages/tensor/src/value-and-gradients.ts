import type { Scalar, Tensor } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { InvalidArgumentError } from './errors'
import type { Parameters } from './module'

/** A loss with its gradients by parameter name; a parameter the loss does not reach has none. */
export interface ValueAndGradients {
  value: Scalar
  gradients: Record<string, Tensor>
}

/**
 * The value of `loss` and its gradient with respect to every trainable parameter it reaches.
 *
 * @throws InvalidArgumentError where it reaches none.
 */
export function valueAndGradients(loss: () => Scalar, parameters: Parameters): ValueAndGradients {
  const trainable = Object.entries(parameters).filter(([, variable]) => variable.trainable)
  const none = (): never => {
    throw new InvalidArgumentError({
      argument: 'loss',
      rule: 'must be computed from at least one trainable parameter',
      received: `none of ${trainable.length} that can be trained, of ${Object.keys(parameters).length}`,
      fix: 'Compute it inside the function from the parameters themselves, and leave one of them trainable.',
    })
  }
  if (trainable.length === 0) none()
  const variables = trainable.map(([, variable]) => variable)
  const { value, grads } = tf.engine().gradients(loss, variables, undefined, true)
  const reached = trainable.flatMap(([name], i) => (grads[i] ? [[name, grads[i]] as const] : []))
  if (reached.length === 0) {
    value.dispose()
    none()
  }
  return { value, gradients: Object.fromEntries(reached) }
}
