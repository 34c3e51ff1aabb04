import {
  createParameters,
  disposeParameters,
  type Encoding,
  layerNormSpecs,
  linearSpecs,
  type Module,
  normalInitializer,
  type ParameterSpec,
  transformerLayerSpecs,
} from '@mafjs/tensor'
import { type CreateOptions, withFirstValues } from '../create-options'
import { encodeTokens } from './encode-tokens'
import { modernBertSpecs } from './modern-bert'
import {
  type CompleteTextEncoderConfig,
  completeTextEncoderConfig,
  firstPosition,
  layerConfig,
  type TextEncoderConfig,
} from './text-encoder-config'
import { TEXT_ENCODER_TRAITS } from './text-encoder-traits'
import type { TextInputs } from './token-batch'

/** A text encoder: token ids in, an `Encoding` out. */
export type TextEncoder = Module<TextInputs, Encoding, CompleteTextEncoderConfig>

/**
 * The parameters of a text encoder, whatever its kind under the names of Hugging Face's `BertModel`: a rule of training
 * such as a learning rate by layer then holds for all of them.
 */
export function textEncoderSpecs(config: CompleteTextEncoderConfig): Record<string, ParameterSpec> {
  if (TEXT_ENCODER_TRAITS[config.kind].network === 'modernbert') return modernBertSpecs(config)
  const { vocabSize, hidden, embeddingSize = hidden, layers, maxPositions, typeVocabSize, summary } = config
  const table = (rows: number): ParameterSpec => ({
    shape: [rows, embeddingSize],
    initializer: normalInitializer(),
  })
  const specs: Record<string, ParameterSpec> = {
    'embeddings.word_embeddings.weight': table(vocabSize),
    'embeddings.position_embeddings.weight': table(firstPosition(config) + maxPositions),
    ...(typeVocabSize > 0 && { 'embeddings.token_type_embeddings.weight': table(typeVocabSize) }),
    ...layerNormSpecs('embeddings.LayerNorm', embeddingSize),
    ...(embeddingSize !== hidden && linearSpecs('embeddings.projection', embeddingSize, hidden)),
  }
  for (let layer = 0; layer < layers; layer++) {
    Object.assign(specs, transformerLayerSpecs(`encoder.layer.${layer}`, layerConfig(config)))
  }
  return summary === 'pooler' ? { ...specs, ...linearSpecs('pooler.dense', hidden, hidden) } : specs
}

/**
 * A text encoder of the `kind` in its configuration: one of `TEXT_ENCODER_KINDS`.
 *
 * @returns states `[batch, positions, hidden]`, summary `[batch, hidden]`, and the mask it was given
 * @throws InvalidArgumentError for a configuration or inputs that break a rule, such as more positions than
 * `maxPositions`.
 */
export function createTextEncoder(config: TextEncoderConfig, options: CreateOptions = {}): TextEncoder {
  const complete = completeTextEncoderConfig(config)
  const parameters = createParameters(withFirstValues(textEncoderSpecs(complete), options), complete.seed)
  return {
    config: complete,
    apply: (inputs, applyOptions) => encodeTokens(inputs, parameters, complete, applyOptions),
    parameters: () => ({ ...parameters }),
    dispose: () => disposeParameters(parameters),
  }
}
