import { assertDtype, assertEncoding, assertShape, type Module } from '@mafjs/tensor'
import type { Tensor3D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import type { GatedFusionOutputs } from './gated-fusion'
import type { GatedFusionModuleInputs } from './gated-fusion-module'

/**
 * Fusion without its gate, `F = [T ; C']`: that of MAF with every `g` at 1. It has no parameters.
 *
 * @param options `hidden`: channels of the token states and of what the image says about each
 */
export function createConcatFusion({
  hidden,
}: {
  hidden: number
}): Module<GatedFusionModuleInputs, GatedFusionOutputs, { hidden: number }> {
  return {
    config: { hidden },
    apply: ({ text, states }) =>
      tf.tidy(() => {
        const sizes = assertEncoding('text', text, 'tokens', hidden)
        assertShape('states', states, ['batch', 'tokens', hidden], sizes)
        assertDtype('states', states, 'float32')
        return { states: tf.concat([text.states, states], 2) as Tensor3D, gate: tf.onesLike(states) }
      }),
    parameters: () => ({}),
    dispose: () => {},
  }
}
