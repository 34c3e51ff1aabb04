import { InvalidArgumentError } from '@mafjs/tensor'
import { type BertConfig, type CompleteBertConfig, completeBertConfig } from '../text/bert-config'
import type { JsonObject } from './read-json'

/** Our name and Hugging Face's for every size and rate; the first five have no default in a checkpoint. */
const FIELDS = {
  vocabSize: 'vocab_size',
  hidden: 'hidden_size',
  layers: 'num_hidden_layers',
  heads: 'num_attention_heads',
  intermediate: 'intermediate_size',
  maxPositions: 'max_position_embeddings',
  typeVocabSize: 'type_vocab_size',
  padId: 'pad_token_id',
  layerNormEpsilon: 'layer_norm_eps',
  hiddenDropout: 'hidden_dropout_prob',
  attentionDropout: 'attention_probs_dropout_prob',
} as const satisfies Partial<Record<keyof BertConfig, string>>

const REQUIRED = [
  'vocab_size',
  'hidden_size',
  'num_hidden_layers',
  'num_attention_heads',
  'intermediate_size',
]

/** What a BERT of this package does; a checkpoint that states anything else is another model. */
const FIXED: Record<string, unknown> = {
  model_type: 'bert',
  hidden_act: 'gelu',
  position_embedding_type: 'absolute',
  is_decoder: false,
}

/**
 * The configuration in a Hugging Face `config.json`.
 *
 * @param source what the file is called in errors. @default 'config.json'
 * @throws InvalidArgumentError for another model, an activation other than the exact GELU, relative positions, a
 * decoder, or a size that is missing or not a number.
 */
export function bertConfigFromHuggingFace(json: JsonObject, source = 'config.json'): CompleteBertConfig {
  for (const [field, value] of Object.entries(FIXED)) {
    // Checkpoints older than these fields lack them, and are what the fields then came to mean.
    if (json[field] !== undefined && json[field] !== value) {
      throw new InvalidArgumentError({
        argument: `${source}: ${field}`,
        rule: `must be ${JSON.stringify(value)}`,
        received: json[field],
        fix: 'Only BERT itself is read; take a checkpoint whose model_type is bert.',
      })
    }
  }
  const sizes: Record<string, number> = {}
  for (const [name, field] of Object.entries(FIELDS)) {
    const value = json[field]
    if (value === undefined && !REQUIRED.includes(field)) continue
    if (typeof value !== 'number') {
      throw new InvalidArgumentError({
        argument: `${source}: ${field}`,
        rule: 'must be a number',
        received: value,
      })
    }
    sizes[name] = value
  }
  return completeBertConfig({ kind: 'bert', ...(sizes as unknown as Omit<BertConfig, 'kind'>) })
}

/** The `config.json` with which Hugging Face's libraries build the same BERT. */
export function bertConfigToHuggingFace(config: BertConfig): JsonObject {
  const complete = completeBertConfig(config)
  const sizes = Object.entries(FIELDS).map(([name, field]) => [field, complete[name as keyof typeof FIELDS]])
  return { architectures: ['BertModel'], ...FIXED, ...Object.fromEntries(sizes) }
}
