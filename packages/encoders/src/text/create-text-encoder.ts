import { createParameters, disposeParameters, type Encoding, type Module } from '@mafjs/tensor'
import { type CreateOptions, withFirstValues } from '../create-options'
import { encodeTokens } from './encode-tokens'
import {
  type CompleteTextEncoderConfig,
  completeTextEncoderConfig,
  type TextEncoderConfig,
} from './text-encoder-config'
import { networkOf } from './text-network'
import type { TextInputs } from './token-batch'

/**
 * A text encoder: token ids in, an `Encoding` out. Its parameters have the names of Hugging Face's `BertModel` whatever its kind:
 * a rule of training such as a learning rate by layer then holds for all.
 */
export type TextEncoder = Module<TextInputs, Encoding, CompleteTextEncoderConfig>

/**
 * A text encoder of the `kind` in its configuration: one of `TEXT_ENCODER_KINDS`.
 *
 * @returns states `[batch, positions, hidden]`, summary `[batch, hidden]`, and the mask it was given
 * @throws InvalidArgumentError for a configuration or inputs that break a rule, such as more positions than
 * `maxPositions`.
 */
export function createTextEncoder(config: TextEncoderConfig, options: CreateOptions = {}): TextEncoder {
  const complete = completeTextEncoderConfig(config)
  const parameters = createParameters(
    withFirstValues(networkOf(complete).specs(complete), options),
    complete.seed,
  )
  return {
    config: complete,
    apply: (inputs, applyOptions) => encodeTokens(inputs, parameters, complete, applyOptions),
    parameters: () => ({ ...parameters }),
    dispose: () => disposeParameters(parameters),
  }
}
