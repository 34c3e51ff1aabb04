import * as tf from '@tensorflow/tfjs-core'
import { elementwiseGradients } from './elementwise'
import { layoutGradients } from './layout'
import { matrixGradients } from './matrices'
import { reductionGradients } from './reductions'

/** Every gradient `registerGradients` knows. */
const known = [...elementwiseGradients, ...reductionGradients, ...layoutGradients, ...matrixGradients]

/**
 * Registers the gradient of every kernel that has none yet, and returns the names of those it registered. In Node,
 * tfjs-core registers no gradients and offers no file that does; call this once before training. Calling it again,
 * or after the umbrella package `@tensorflow/tfjs`, changes nothing.
 */
export function registerGradients(): string[] {
  const absent = known.filter(({ kernelName }) => !tf.getGradient(kernelName))
  for (const gradient of absent) tf.registerGradient(gradient)
  return absent.map(({ kernelName }) => kernelName)
}
