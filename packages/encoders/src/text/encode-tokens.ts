import {
  type ApplyOptions,
  assertDtype,
  assertShape,
  type Encoding,
  InvalidArgumentError,
  layersOf,
  type Parameters,
} from '@mafjs/tensor'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import type { CompleteTextEncoderConfig } from './text-encoder-config'
import { networkOf } from './text-network'
import type { TextInputs } from './token-batch'

/**
 * A text encoder as a pure function of its parameters: embeddings of tokens, then the transformer layers of its kind.
 *
 * @returns states `[batch, positions, hidden]`, summary `[batch, hidden]`, and the mask it was given
 * @throws InvalidArgumentError for inputs that do not fit each other or the configuration.
 */
export function encodeTokens(
  { ids, mask }: TextInputs,
  parameters: Parameters,
  config: CompleteTextEncoderConfig,
  options: ApplyOptions = {},
): Encoding {
  const sizes = assertShape('inputs.ids', ids, ['batch', 'positions'])
  assertShape('inputs.mask', mask, ['batch', 'positions'], sizes)
  assertDtype('inputs.ids', ids, 'int32')
  assertDtype('inputs.mask', mask, 'float32')
  const { batch, positions } = sizes as { batch: number; positions: number }
  if (positions > config.maxPositions) {
    throw new InvalidArgumentError({
      argument: 'inputs.ids',
      rule: `must have at most ${config.maxPositions} positions, the encoder's maxPositions`,
      received: positions,
      fix: `Cut the text: give the tokenizer maxLength: ${config.maxPositions}.`,
    })
  }
  return tf.tidy(() => {
    const states = networkOf(config).states({ ids, mask }, parameters, config, options)
    const first = tf.reshape(tf.slice(states, [0, 0, 0], [batch, 1, config.hidden]), [batch, config.hidden])
    return { states, summary: summarise(first as Tensor2D, parameters, config), mask: tf.clone(mask) }
  })
}

function summarise(
  first: Tensor2D,
  parameters: Parameters,
  { summary }: CompleteTextEncoderConfig,
): Tensor2D {
  if (summary === 'cls') return first
  return tf.tanh(layersOf(parameters).linear(first, 'pooler.dense'))
}
