import type { CompleteTextEncoderConfig, TextEncoderConfig } from '../text/text-encoder-config'
import type { TextEncoderKind } from '../text/text-encoder-traits'
import type { ConfigFields } from './config-fields'
import { DEBERTA_FIELDS } from './deberta-fields'
import { MODERN_BERT_FIELDS } from './modern-bert-fields'
import type { JsonObject } from './read-json'

/** Fields of one kind that are no number each. */
export interface OwnFields {
  fields: readonly string[]
  /** @param config what the other fields say */
  read(fields: ConfigFields, config: CompleteTextEncoderConfig): Partial<TextEncoderConfig>
  write(config: CompleteTextEncoderConfig): JsonObject
}

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
  /** @default none */
  own?: OwnFields
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
  fixed: { hidden_act: 'gelu', position_embedding_type: 'absolute' },
  absent: {},
}

const roberta: HuggingFaceFields = {
  ...bert,
  architecture: 'RobertaModel',
  absent: { max_position_embeddings: 512, type_vocab_size: 2, layer_norm_eps: 1e-12 },
}

/**
 * Fields of any checkpoint that change nothing of what its encoder computes for one text: where it comes from, how it was
 * trained, and what heads and generators read.
 */
export const NEUTRAL_FIELDS: ReadonlySet<string> = new Set(
  (
    '_attn_implementation _attn_implementation_autoset _commit_hash _name_or_path _num_labels architectures attn_implementation ' +
    'bad_words_ids begin_suppress_tokens bos_token_id chunk_size_feed_forward classifier_activation classifier_bias ' +
    'classifier_dropout classifier_pooling cls_token_id cross_attention_hidden_size decoder_bias decoder_start_token_id ' +
    'deterministic_flash_attn directionality diversity_penalty do_sample dtype early_stopping encoder_no_repeat_ngram_size ' +
    'eos_token_id eos_token_ids exponential_decay_length_penalty finetuning_task forced_bos_token_id forced_eos_token_id ' +
    'gradient_checkpointing id2label initializer_cutoff_factor initializer_range label2id language layer_norm_eps legacy ' +
    'length_penalty mask_token_id max_length min_length model_max_length model_type no_repeat_ngram_size num_beam_groups ' +
    'num_beams num_labels num_return_sequences output_attentions output_hidden_states output_past output_scores ' +
    'pad_token_id padding pooler_dropout pooler_fc_size pooler_hidden_act pooler_hidden_size pooler_num_attention_heads ' +
    'pooler_num_fc_layers pooler_size_per_head pooler_type prefix problem_type qa_dropout reference_compile ' +
    'remove_invalid_values repad_logits_with_grad repetition_penalty return_dict return_dict_in_generate sep_token_id ' +
    'seq_classif_dropout sparse_pred_ignore_index sparse_prediction summary_activation summary_last_dropout summary_type ' +
    'summary_use_proj suppress_tokens task_specific_params temperature tf_legacy_loss tie_encoder_decoder tie_weights_ ' +
    'tie_word_embeddings tokenizer_class top_k top_p torch_dtype torchscript transformers_version typical_p unk_token_id ' +
    'use_bfloat16 use_cache vocab_file xla_device'
  ).split(' '),
)

/** Fields of any checkpoint that may have these values alone. */
export const FIXED_FIELDS: Readonly<Record<string, unknown>> = {
  is_decoder: false,
  is_encoder_decoder: false,
  add_cross_attention: false,
  pruned_heads: {},
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
  'deberta-v2': { ...bert, architecture: 'DebertaV2Model', own: DEBERTA_FIELDS },
  modernbert: {
    architecture: 'ModernBertModel',
    fields: {
      vocabSize: 'vocab_size',
      hidden: 'hidden_size',
      layers: 'num_hidden_layers',
      heads: 'num_attention_heads',
      intermediate: 'intermediate_size',
      maxPositions: 'max_position_embeddings',
      padId: 'pad_token_id',
      layerNormEpsilon: 'norm_eps',
      hiddenDropout: 'mlp_dropout',
      attentionDropout: 'attention_dropout',
    },
    fixed: {
      hidden_activation: 'gelu',
      attention_bias: false,
      mlp_bias: false,
      norm_bias: false,
      position_embedding_type: 'absolute',
      rope_scaling: null,
    },
    absent: { mlp_dropout: 0, attention_dropout: 0 },
    own: MODERN_BERT_FIELDS,
  },
  electra: {
    ...bert,
    architecture: 'ElectraModel',
    fields: { ...bert.fields, embeddingSize: 'embedding_size' },
    absent: { embedding_size: 128 },
  },
}
