import * as tf from '@tensorflow/tfjs-core'
import { elementwiseGradients } from './elementwise'
import { layoutGradients } from './layout'
import { matrixGradients } from './matrices'
import { supplyKernels } from './missing-kernels'
import { reductionGradients } from './reductions'
import { resizingGradients } from './resizing'

/** Every gradient `registerGradients` knows. */
const known = [
  ...elementwiseGradients,
  ...reductionGradients,
  ...layoutGradients,
  ...matrixGradients,
  ...resizingGradients,
]

/** Which gradients are registered. */
export interface RegisterGradientsOptions {
  /** Whether also in place of one that another package has registered. @default false */
  replace?: boolean | undefined
}

/**
 * Registers the gradient of every kernel that has none yet, and returns the names of those it registered. In Node,
 * tfjs-core registers no gradients and offers no file that does; call this once before training. Calling it again,
 * or after the umbrella package `@tensorflow/tfjs`, changes nothing, unless `replace` is asked for.
 *
 * The backend wasm is given the kernels that gradients need and it lacks: those of convolutions, depthwise ones, and a gather.
 */
export function registerGradients({ replace = false }: RegisterGradientsOptions = {}): string[] {
  const wanted = known.filter(({ kernelName }) => replace || !tf.getGradient(kernelName))
  for (const gradient of wanted) tf.registerGradient(gradient)
  supplyKernels()
  return wanted.map(({ kernelName }) => kernelName)
}
