import {
  type ApplyOptions,
  assertDtype,
  assertShape,
  createParameters,
  disposeParameters,
  dropout,
  type Encoding,
  InvalidArgumentError,
  layerNorm,
  layerNormSpecs,
  linear,
  linearSpecs,
  type Module,
  normalInitializer,
  type ParameterSpec,
  type Parameters,
  transformerLayer,
  transformerLayerSpecs,
} from '@mafjs/tensor'
import type { Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { type CreateOptions, withFirstValues } from '../checkpoint/create-options'
import { type BertConfig, type CompleteBertConfig, completeBertConfig, layerConfig } from './bert-config'
import { embeddingLookup } from './embedding-lookup'
import type { TextInputs } from './token-batch'

/** A text encoder: token ids in, an `Encoding` out. */
export type TextEncoder<Config extends object = CompleteBertConfig> = Module<TextInputs, Encoding, Config>

/** The parameters of a BERT model, named as in Hugging Face's `BertModel` state dict. */
export function bertSpecs(config: CompleteBertConfig): Record<string, ParameterSpec> {
  const { vocabSize, hidden, layers, maxPositions, typeVocabSize, summary } = config
  const table = (rows: number): ParameterSpec => ({ shape: [rows, hidden], initializer: normalInitializer() })
  const specs: Record<string, ParameterSpec> = {
    'embeddings.word_embeddings.weight': table(vocabSize),
    'embeddings.position_embeddings.weight': table(maxPositions),
    'embeddings.token_type_embeddings.weight': table(typeVocabSize),
    ...layerNormSpecs('embeddings.LayerNorm', hidden),
  }
  for (let layer = 0; layer < layers; layer++) {
    Object.assign(specs, transformerLayerSpecs(`encoder.layer.${layer}`, layerConfig(config)))
  }
  return summary === 'pooler' ? { ...specs, ...linearSpecs('pooler.dense', hidden, hidden) } : specs
}

/**
 * BERT (Devlin et al. 2019): the sum of word, position and type embeddings, then post-norm transformer layers.
 *
 * @returns states `[batch, positions, hidden]`, summary `[batch, hidden]`, and the mask it was given
 * @throws InvalidArgumentError for a configuration or inputs that break a rule, such as more positions than
 * `maxPositions`.
 */
export function createBertEncoder(config: BertConfig, options: CreateOptions = {}): TextEncoder {
  const complete = completeBertConfig(config)
  const parameters = createParameters(withFirstValues(bertSpecs(complete), options), complete.seed)
  return {
    config: complete,
    apply: (inputs, applyOptions) => encodeTokens(inputs, parameters, complete, applyOptions),
    parameters: () => ({ ...parameters }),
    dispose: () => disposeParameters(parameters),
  }
}

/**
 * BERT as a pure function of its parameters.
 *
 * @throws InvalidArgumentError for inputs that do not fit each other or the configuration.
 */
export function encodeTokens(
  { ids, mask }: TextInputs,
  parameters: Parameters,
  config: CompleteBertConfig,
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
      rule: `must have at most ${config.maxPositions} positions, the rows of the position table`,
      received: positions,
      fix: `Cut the text: give the tokenizer maxLength: ${config.maxPositions}.`,
    })
  }
  return tf.tidy(() => {
    let states = embed(ids, parameters, config, options)
    for (let layer = 0; layer < config.layers; layer++) {
      states = transformerLayer(
        { states, mask },
        parameters,
        `encoder.layer.${layer}`,
        layerConfig(config),
        options,
      )
    }
    const first = tf.reshape(tf.slice(states, [0, 0, 0], [batch, 1, config.hidden]), [batch, config.hidden])
    return { states, summary: summarise(first as Tensor2D, parameters, config), mask: tf.clone(mask) }
  })
}

/** `[batch, positions, hidden]`: word + position + type 0, normalised, dropped out. */
function embed(
  ids: Tensor2D,
  parameters: Parameters,
  { hidden, padId, hiddenDropout, layerNormEpsilon }: CompleteBertConfig,
  options: ApplyOptions,
): Tensor3D {
  const parameter = (name: string): tf.Tensor => parameters[`embeddings.${name}`]!
  const words = embeddingLookup(parameter('word_embeddings.weight') as Tensor2D, ids, { padId })
  const places = tf.slice(parameter('position_embeddings.weight'), [0, 0], [ids.shape[1], hidden])
  const type = tf.slice(parameter('token_type_embeddings.weight'), [0, 0], [1, hidden])
  const normalised = layerNorm(
    tf.add(words, tf.add(places, type)) as Tensor3D,
    parameter('LayerNorm.weight') as Tensor1D,
    parameter('LayerNorm.bias') as Tensor1D,
    layerNormEpsilon,
  )
  return dropout(normalised, hiddenDropout, 'embeddings', options)
}

function summarise(first: Tensor2D, parameters: Parameters, { summary }: CompleteBertConfig): Tensor2D {
  if (summary === 'cls') return first
  const weight = parameters['pooler.dense.weight'] as unknown as Tensor2D
  return tf.tanh(linear(first, weight, parameters['pooler.dense.bias'] as unknown as Tensor1D))
}
