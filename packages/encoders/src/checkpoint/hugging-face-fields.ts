import type { TextEncoderConfig } from '../text/text-encoder-config'
import type { TextEncoderKind } from '../text/text-encoder-traits'

/** How one kind of text encoder is written down in Hugging Face's `config.json`. */
export interface HuggingFaceFields {
  /** The class of the bare model. */
  architecture: string
  /** Our name and theirs for every size and rate. */
  fields: Partial<Record<keyof TextEncoderConfig, string>>
  /** What an encoder of this package does; a checkpoint that states anything else is another model. */
  fixed: Record<string, unknown>
  /** What their class takes for a field that is left out, where that is not our own default. */
  absent: Record<string, number>
}

/** Fields that every checkpoint states, by our names. */
export const REQUIRED_SIZES: readonly (keyof TextEncoderConfig)[] = [
  'vocabSize',
  'hidden',
  'layers',
  'heads',
  'intermediate',
]

const bert: HuggingFaceFields = {
  architecture: 'BertModel',
  fields: {
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
  },
  fixed: { hidden_act: 'gelu', position_embedding_type: 'absolute', is_decoder: false },
  absent: {},
}

const roberta: HuggingFaceFields = {
  ...bert,
  architecture: 'RobertaModel',
  absent: { max_position_embeddings: 512, type_vocab_size: 2, layer_norm_eps: 1e-12 },
}

/** How every kind is written down. */
export const HUGGING_FACE_FIELDS: Readonly<Record<TextEncoderKind, HuggingFaceFields>> = {
  bert,
  roberta,
  'xlm-roberta': { ...roberta, architecture: 'XLMRobertaModel' },
  camembert: { ...roberta, architecture: 'CamembertModel' },
  distilbert: {
    architecture: 'DistilBertModel',
    fields: {
      vocabSize: 'vocab_size',
      hidden: 'dim',
      layers: 'n_layers',
      heads: 'n_heads',
      intermediate: 'hidden_dim',
      maxPositions: 'max_position_embeddings',
      padId: 'pad_token_id',
      hiddenDropout: 'dropout',
      attentionDropout: 'attention_dropout',
    },
    fixed: { activation: 'gelu', sinusoidal_pos_embds: false },
    absent: {},
  },
}
