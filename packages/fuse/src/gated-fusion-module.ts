import {
  assertDtype,
  assertEncoding,
  assertShape,
  assertSizes,
  createParameters,
  disposeParameters,
  type Encoding,
  linearSpecs,
  type Module,
} from '@mafjs/tensor'
import type { Tensor3D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { type GatedFusionOutputs, gatedFusion } from './gated-fusion'

/** The options of `createGatedFusion`. */
export interface GatedFusionOptions {
  /** Channels of the token states and of what the image says about each. */
  hidden: number
  /** Seed of the first parameter values. @default 0 */
  seed?: number | undefined
}

/** The two presets; fusion is the same in both. */
export const gatedFusionPresets = { reference: {}, default: {} } as const

/** What the module reads. */
export interface GatedFusionModuleInputs {
  text: Encoding
  /** C', `[batch, tokens, hidden]`: the text-aware image states, weighed by the match. */
  states: Tensor3D
}

/**
 * Cross-modal fusion with learned gates: how much of the image's states every channel of every token takes.
 * Source: MAF (doi 10.1145/3488560.3498475).
 *
 * @throws InvalidArgumentError for an option out of range.
 */
export function createGatedFusion({
  hidden,
  seed = 0,
}: GatedFusionOptions): Module<GatedFusionModuleInputs, GatedFusionOutputs, Required<GatedFusionOptions>> {
  assertSizes({ hidden })
  // Two layers with a bias each: one bias would compute the same, but break the published checkpoints.
  const parameters = createParameters(
    { ...linearSpecs('text', hidden, hidden), ...linearSpecs('image', hidden, hidden) },
    seed,
  )
  return {
    config: { hidden, seed },
    apply: ({ text, states }) =>
      tf.tidy(() => {
        const sizes = assertEncoding('text', text, 'tokens', hidden)
        assertShape('states', states, ['batch', 'tokens', hidden], sizes)
        assertDtype('states', states, 'float32')
        return gatedFusion({
          text: text.states,
          states,
          textWeight: parameters['text.weight'],
          textBias: parameters['text.bias'],
          imageWeight: parameters['image.weight'],
          imageBias: parameters['image.bias'],
        })
      }),
    parameters: () => ({ ...parameters }),
    dispose: () => disposeParameters(parameters),
  }
}
