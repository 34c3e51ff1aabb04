import {
  type ApplyOptions,
  assertDtype,
  assertShape,
  dropout,
  type Encoding,
  InvalidArgumentError,
  layersOf,
  type Parameters,
  transformerLayer,
} from '@mafjs/tensor'
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { embeddingLookup } from './embedding-lookup'
import { modernBertStates } from './modern-bert'
import { type CompleteTextEncoderConfig, firstPosition, layerConfig } from './text-encoder-config'
import { TEXT_ENCODER_TRAITS } from './text-encoder-traits'
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
      rule: `must have at most ${config.maxPositions} positions, those that the position table has rows for`,
      received: positions,
      fix: `Cut the text: give the tokenizer maxLength: ${config.maxPositions}.`,
    })
  }
  return tf.tidy(() => {
    const isModern = TEXT_ENCODER_TRAITS[config.kind].network === 'modernbert'
    const states = (isModern ? modernBertStates : bertStates)({ ids, mask }, parameters, config, options)
    const first = tf.reshape(tf.slice(states, [0, 0, 0], [batch, 1, config.hidden]), [batch, config.hidden])
    return { states, summary: summarise(first as Tensor2D, parameters, config), mask: tf.clone(mask) }
  })
}

/** Post-norm transformer layers over the embeddings (Devlin et al. 2019), `[batch, positions, hidden]`. */
function bertStates(
  inputs: TextInputs,
  parameters: Parameters,
  config: CompleteTextEncoderConfig,
  options: ApplyOptions,
): Tensor3D {
  let states = embed(inputs, parameters, config, options)
  for (let layer = 0; layer < config.layers; layer++) {
    const given = { states, mask: inputs.mask }
    states = transformerLayer(given, parameters, `encoder.layer.${layer}`, layerConfig(config), options)
  }
  return states
}

/** `[batch, positions, hidden]`: word + position + type 0 where there are types, normalised, dropped out, of the states' size. */
function embed(
  { ids, mask }: TextInputs,
  parameters: Parameters,
  config: CompleteTextEncoderConfig,
  options: ApplyOptions,
): Tensor3D {
  const { hidden, embeddingSize = hidden, padId, typeVocabSize, hiddenDropout, layerNormEpsilon } = config
  const parameter = (name: string): tf.Tensor => parameters[`embeddings.${name}`]!
  const words = embeddingLookup(parameter('word_embeddings.weight') as Tensor2D, ids, { padId })
  let places = placesOf(mask, parameter('position_embeddings.weight') as Tensor2D, config)
  if (typeVocabSize > 0) {
    places = tf.add(places, tf.slice(parameter('token_type_embeddings.weight'), [0, 0], [1, embeddingSize]))
  }
  const states = tf.add(words, places) as Tensor3D
  const layers = layersOf(parameters)
  const normalised = layers.layerNorm(states, 'embeddings.LayerNorm', layerNormEpsilon)
  const embedded = dropout(normalised, hiddenDropout, 'embeddings', options)
  return embeddingSize === hidden ? embedded : layers.linear(embedded, 'embeddings.projection')
}

/**
 * The embeddings of the positions. BERT numbers them from 0, `[positions, hidden]`; RoBERTa counts the tokens from
 * `padId + 1` and gives padding the row `padId`, `[batch, positions, hidden]`.
 */
function placesOf(mask: Tensor2D, table: Tensor2D, config: CompleteTextEncoderConfig): tf.Tensor {
  const { padId } = config
  if (firstPosition(config) === 0) return tf.slice(table, [0, 0], [mask.shape[1], -1])
  const real = tf.cast(mask, 'int32')
  const rows = tf.add(tf.mul(tf.cumsum(real, 1), real), tf.scalar(padId, 'int32')) as Tensor2D
  return embeddingLookup(table, rows, { padId })
}

function summarise(
  first: Tensor2D,
  parameters: Parameters,
  { summary }: CompleteTextEncoderConfig,
): Tensor2D {
  if (summary === 'cls') return first
  return tf.tanh(layersOf(parameters).linear(first, 'pooler.dense'))
}
