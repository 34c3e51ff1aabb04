import {
  type ApplyOptions,
  dropout,
  layerNormSpecs,
  layersOf,
  linearSpecs,
  normalInitializer,
  type ParameterSpec,
  type Parameters,
  transformerLayer,
  transformerLayerSpecs,
} from '@mafjs/tensor'
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { disentangledAttention, disentangledSpecs } from './disentangled-attention'
import { embedWords, embedWordsSpecs } from './embed-words'
import { embeddingLookup } from './embedding-lookup'
import { type CompleteTextEncoderConfig, firstPosition, layerConfig } from './text-encoder-config'
import type { TextInputs } from './token-batch'
import { neighbourSpecs, withNeighbours } from './with-neighbours'

/** Whether a table of positions is added to the words: DeBERTa's may know them by distance alone. */
const addsPositions = ({ disentangled }: CompleteTextEncoderConfig): boolean =>
  disentangled?.addsPositions ?? true

/** The parameters of BERT and of those that are like it. */
export function bertSpecs(config: CompleteTextEncoderConfig): Record<string, ParameterSpec> {
  const { hidden, embeddingSize = hidden, layers, maxPositions, typeVocabSize, summary } = config
  const table = (rows: number): ParameterSpec => ({
    shape: [rows, embeddingSize],
    initializer: normalInitializer(),
  })
  const specs: Record<string, ParameterSpec> = {
    ...embedWordsSpecs(config),
    ...(addsPositions(config) && {
      'embeddings.position_embeddings.weight': table(firstPosition(config) + maxPositions),
    }),
    ...(typeVocabSize > 0 && { 'embeddings.token_type_embeddings.weight': table(typeVocabSize) }),
    ...layerNormSpecs('embeddings.LayerNorm', embeddingSize),
    ...(embeddingSize !== hidden && linearSpecs('embeddings.projection', embeddingSize, hidden)),
  }
  for (let layer = 0; layer < layers; layer++) {
    Object.assign(specs, transformerLayerSpecs(`encoder.layer.${layer}`, layerConfig(config)))
  }
  Object.assign(specs, disentangledSpecs(config), neighbourSpecs(config))
  return summary === 'pooler' ? { ...specs, ...linearSpecs('pooler.dense', hidden, hidden) } : specs
}

/** Post-norm transformer layers over the embeddings (Devlin et al. 2019), `[batch, positions, hidden]`. */
export function bertStates(
  inputs: TextInputs,
  parameters: Parameters,
  config: CompleteTextEncoderConfig,
  options: ApplyOptions,
): Tensor3D {
  const { mask } = inputs
  const embedded = embed(inputs, parameters, config, options)
  const attendOf = config.disentangled && disentangledAttention(mask.shape[1], parameters, config, options)
  let states = embedded
  for (let layer = 0; layer < config.layers; layer++) {
    const name = `encoder.layer.${layer}`
    const how = attendOf ? { ...options, attend: attendOf(`${name}.attention.self`) } : options
    states = transformerLayer({ states, mask }, parameters, name, layerConfig(config), how)
    if (layer === 0 && config.disentangled?.convolution) {
      states = withNeighbours({ embedded, states, mask }, parameters, config, options)
    }
  }
  return states
}

/** `[batch, positions, hidden]`: word (and its shape) + position + type 0 where there are types, normalised, dropped out, of the states' size. */
function embed(
  inputs: TextInputs,
  parameters: Parameters,
  config: CompleteTextEncoderConfig,
  options: ApplyOptions,
): Tensor3D {
  const { mask } = inputs
  const { hidden, embeddingSize = hidden, typeVocabSize, hiddenDropout, layerNormEpsilon } = config
  const parameter = (name: string): Tensor => parameters[`embeddings.${name}`]!
  const words = embedWords(inputs, parameters, config)
  const added: Tensor[] = []
  if (addsPositions(config))
    added.push(placesOf(mask, parameter('position_embeddings.weight') as Tensor2D, config))
  if (typeVocabSize > 0) {
    added.push(tf.slice(parameter('token_type_embeddings.weight'), [0, 0], [1, embeddingSize]))
  }
  const states =
    added.length > 0
      ? tf.add(
          words,
          added.reduce((sum, part) => tf.add(sum, part)),
        )
      : words
  const layers = layersOf(parameters)
  const normalised = layers.layerNorm(states as Tensor3D, 'embeddings.LayerNorm', layerNormEpsilon)
  const real = config.disentangled ? tf.mul(normalised, tf.expandDims(mask, 2)) : normalised
  const embedded = dropout(real as Tensor3D, hiddenDropout, 'embeddings', options)
  return embeddingSize === hidden ? embedded : layers.linear(embedded, 'embeddings.projection')
}

/**
 * The embeddings of the positions. BERT numbers them from 0, `[positions, hidden]`; RoBERTa counts the tokens from
 * `padId + 1` and gives padding the row `padId`, `[batch, positions, hidden]`.
 */
function placesOf(mask: Tensor2D, table: Tensor2D, config: CompleteTextEncoderConfig): Tensor {
  const { padId } = config
  if (firstPosition(config) === 0) return tf.slice(table, [0, 0], [mask.shape[1], -1])
  const real = tf.cast(mask, 'int32')
  const rows = tf.add(tf.mul(tf.cumsum(real, 1), real), tf.scalar(padId, 'int32')) as Tensor2D
  return embeddingLookup(table, rows, { padId })
}
