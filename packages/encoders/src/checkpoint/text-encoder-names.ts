import type { TextEncoderKind } from '../text/text-encoder-traits'
import type { Weights } from '../weights'
import { type FoundNetwork, findNetwork } from './find-network'

/** What Hugging Face's models with a head put before the names of their encoder. */
const PREFIXES: Readonly<Record<TextEncoderKind, string>> = {
  bert: 'bert.',
  roberta: 'roberta.',
  'xlm-roberta': 'roberta.',
  camembert: 'roberta.',
  distilbert: 'distilbert.',
  electra: 'electra.',
  modernbert: 'model.',
  'deberta-v2': 'deberta.',
}

/** The numbers 0, 1, 2 ... and zeros, which some versions saved, and the count of the networks of which a mean was taken: no weights. */
const COUNTERS = /(^|\.)(embeddings\.(position_ids|token_type_ids)|n_averaged)$/

/**
 * The first part of the name of every head that is known: those of Hugging Face's classes for pretraining and for tasks, and
 * what taggers and sentence embeddings put on top; and the positions of a DeBERTa that was saved with those it does not add.
 */
export const TEXT_HEADS =
  /^(cls|classifier|pre_classifier|pooler|predictions|seq_relationship|score|crf|head|heads|mlp|linear|fc|dropout|qa_outputs|sequence_summary|lm_head|vocab_(transform|layer_norm|projector)|(discriminator|generator|lm|mask)_predictions|generator_lm_head|[a-z_]+_(head|classifier)|logit_scale|temperature|criterion|loss(_fn)?|decoder\.(weight|bias)$|embeddings\.position_embeddings\.weight$)(\.|$)/

/** The `gamma` and `beta` of old checkpoints. */
const OLD_NAMES: readonly (readonly [RegExp, string])[] = [
  [/LayerNorm\.gamma$/, 'LayerNorm.weight'],
  [/LayerNorm\.beta$/, 'LayerNorm.bias'],
]

/** What stands between an ELECTRA's embeddings and its states is one of its embeddings: it lies as deep. */
const ELECTRA_NAMES: readonly (readonly [RegExp, string])[] = [
  ...OLD_NAMES,
  [/^embeddings_project\./, 'embeddings.projection.'],
]

/** Where `DistilBertModel` has other names than `BertModel`; the layer's prefix comes last. */
const DISTILBERT_NAMES: readonly (readonly [RegExp, string])[] = [
  [/^(transformer\.layer\.\d+\.)attention\.q_lin\./, '$1attention.self.query.'],
  [/^(transformer\.layer\.\d+\.)attention\.k_lin\./, '$1attention.self.key.'],
  [/^(transformer\.layer\.\d+\.)attention\.v_lin\./, '$1attention.self.value.'],
  [/^(transformer\.layer\.\d+\.)attention\.out_lin\./, '$1attention.output.dense.'],
  [/^(transformer\.layer\.\d+\.)sa_layer_norm\./, '$1attention.output.LayerNorm.'],
  [/^(transformer\.layer\.\d+\.)ffn\.lin1\./, '$1intermediate.dense.'],
  [/^(transformer\.layer\.\d+\.)ffn\.lin2\./, '$1output.dense.'],
  [/^(transformer\.layer\.\d+\.)output_layer_norm\./, '$1output.LayerNorm.'],
  [/^transformer\.layer\./, 'encoder.layer.'],
]

/** Where `DebertaV2Model` has other names: the table of distances is one of its embeddings, the convolution is beside the first layer. */
const DEBERTA_NAMES: readonly (readonly [RegExp, string])[] = [
  [/^(encoder\.layer\.\d+\.attention\.self\.(?:pos_)?(?:query|key|value))_proj\./, '$1.'],
  [/^encoder\.rel_embeddings\./, 'embeddings.relative_embeddings.'],
  [/^encoder\.LayerNorm\./, 'embeddings.relative_LayerNorm.'],
  [/^encoder\.conv\.(?:conv\.)?/, 'encoder.layer.0.convolution.'],
]

/** Where `ModernBertModel` has other names. */
const MODERN_BERT_NAMES: readonly (readonly [RegExp, string])[] = [
  [/^embeddings\.tok_embeddings\./, 'embeddings.word_embeddings.'],
  [/^embeddings\.norm\./, 'embeddings.LayerNorm.'],
  [/^final_norm\./, 'encoder.LayerNorm.'],
  [/^(layers\.\d+\.)attn_norm\./, '$1attention.LayerNorm.'],
  [/^(layers\.\d+\.)attn\.Wqkv\./, '$1attention.self.qkv.'],
  [/^(layers\.\d+\.)attn\.Wo\./, '$1attention.output.dense.'],
  [/^(layers\.\d+\.)mlp_norm\./, '$1intermediate.LayerNorm.'],
  [/^(layers\.\d+\.)mlp\.Wi\./, '$1intermediate.dense.'],
  [/^(layers\.\d+\.)mlp\.Wo\./, '$1output.dense.'],
  [/^layers\./, 'encoder.layer.'],
]

const NAMES: Partial<Record<TextEncoderKind, readonly (readonly [RegExp, string])[]>> = {
  distilbert: DISTILBERT_NAMES,
  electra: ELECTRA_NAMES,
  modernbert: MODERN_BERT_NAMES,
  'deberta-v2': DEBERTA_NAMES,
}

/**
 * The tensors of a checkpoint's text encoder under the names that every one here has, those of Hugging Face's `BertModel`:
 * prefixes are stripped, layers of other names are renamed. Heads keep their names.
 */
export function findTextEncoder(weights: Weights, kind: TextEncoderKind, file: string): FoundNetwork {
  const words = kind === 'modernbert' ? 'tok_embeddings' : 'word_embeddings'
  const anchor = `embeddings.${words}.weight`
  const found = findNetwork(weights, { anchor, usual: [PREFIXES[kind]], counters: COUNTERS }, file)
  const rules = NAMES[kind] ?? OLD_NAMES
  const own = Object.entries(found.own).map(
    ([name, weight]) =>
      [rules.reduce((named, [theirs, ours]) => named.replace(theirs, ours), name), weight] as const,
  )
  return { ...found, own: Object.fromEntries(own) }
}
