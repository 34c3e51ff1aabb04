import type { TextEncoderKind } from '../text/text-encoder-traits'
import type { Weights } from '../weights'

/** What models with a head put before the names of their encoder. */
const PREFIXES: Readonly<Record<TextEncoderKind, string>> = {
  bert: 'bert.',
  roberta: 'roberta.',
  'xlm-roberta': 'roberta.',
  distilbert: 'distilbert.',
}

/** The `gamma` and `beta` of old checkpoints. */
const OLD_NAMES: readonly (readonly [RegExp, string])[] = [
  [/LayerNorm\.gamma$/, 'LayerNorm.weight'],
  [/LayerNorm\.beta$/, 'LayerNorm.bias'],
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

/**
 * A checkpoint's tensors under the names that every text encoder here has, those of Hugging Face's `BertModel`: the
 * prefix of models with a head is stripped, DistilBERT's layers are renamed. Heads keep their names.
 */
export function toTextEncoderNames(weights: Weights, kind: TextEncoderKind): Weights {
  const prefix = PREFIXES[kind]
  const rules = kind === 'distilbert' ? DISTILBERT_NAMES : OLD_NAMES
  const entries = Object.entries(weights).map(([name, weight]) => {
    const own = name.startsWith(prefix) ? name.slice(prefix.length) : name
    return [rules.reduce((named, [theirs, ours]) => named.replace(theirs, ours), own), weight] as const
  })
  // Not a weight but the numbers 0, 1, 2 ..., which some versions saved.
  return Object.fromEntries(entries.filter(([name]) => name !== 'embeddings.position_ids'))
}
