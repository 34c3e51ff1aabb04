/** The text encoders of this package, by Hugging Face's `model_type`. */
export const TEXT_ENCODER_KINDS = [
  'bert',
  'roberta',
  'xlm-roberta',
  'camembert',
  'distilbert',
  'electra',
  'modernbert',
  'deberta-v2',
] as const

/** One of {@link TEXT_ENCODER_KINDS}. */
export type TextEncoderKind = (typeof TEXT_ENCODER_KINDS)[number]

/** Where one kind of text encoder differs from the others; everything else is BERT in all of them. */
export interface TextEncoderTraits {
  /** What it computes: BERT's post-norm layers, or ModernBERT's. */
  network: 'bert' | 'modernbert'
  /** Transformer layers of the published base model. */
  layers: number
  /** Its feed-forward layer's size, in sizes of a state. */
  expansion: number
  /** Its longest sequence. */
  maxPositions: number
  /** Rows of the token type table; 0 is a model without one. */
  typeVocabSize: number
  /** Whether there are token types: `some` is at least one. */
  tokenTypes: 'some' | 'none' | 'any'
  /** The padding's id. */
  padId: number
  layerNormEpsilon: number
  /** Whether no other can be stated. */
  isEpsilonFixed: boolean
  /** Whether attention knows positions by their distance. */
  isDisentangled: boolean
  /** Whether embeddings may be of another size than the states, which a dense layer makes of them. */
  projectsEmbeddings: boolean
  /**
   * Whether the position table has rows for the padding before those of the text: rows 0 to `padId`, so that the first
   * token takes row `padId + 1` and padding takes row `padId`, which is never trained.
   */
  positionsAfterPadding: boolean
  /** Whether there is a dense layer over the first state. */
  pooler: boolean
  /** Whether the attention's output is dropped out before it is added. */
  attentionOutputDropout: boolean
}

/** BERT: Devlin et al. 2019. */
const bert: TextEncoderTraits = {
  network: 'bert',
  layers: 12,
  expansion: 4,
  maxPositions: 512,
  typeVocabSize: 2,
  tokenTypes: 'some',
  padId: 0,
  layerNormEpsilon: 1e-12,
  isEpsilonFixed: false,
  isDisentangled: false,
  projectsEmbeddings: false,
  positionsAfterPadding: false,
  pooler: true,
  attentionOutputDropout: true,
}

/** RoBERTa: Liu et al. 2019, with the positions of fairseq, where it comes from. */
const roberta: TextEncoderTraits = {
  ...bert,
  typeVocabSize: 1,
  padId: 1,
  layerNormEpsilon: 1e-5,
  positionsAfterPadding: true,
}

/**
 * XLM-R (Conneau et al. 2020) and CamemBERT (Martin et al. 2020) are RoBERTa over other vocabularies, DistilBERT (Sanh et al.
 * 2019) is half of a BERT, ELECTRA (Clark et al. 2020) one whose small models have smaller embeddings; DeBERTa 2 and 3 (He et
 * al. 2021, 2023) attend to distances; ModernBERT (Warner et al. 2024) is a network of its own.
 */
export const TEXT_ENCODER_TRAITS: Readonly<Record<TextEncoderKind, TextEncoderTraits>> = {
  bert,
  roberta,
  'xlm-roberta': roberta,
  camembert: roberta,
  distilbert: {
    ...bert,
    layers: 6,
    typeVocabSize: 0,
    tokenTypes: 'none',
    isEpsilonFixed: true,
    pooler: false,
    attentionOutputDropout: false,
  },
  'deberta-v2': {
    ...bert,
    typeVocabSize: 0,
    tokenTypes: 'any',
    layerNormEpsilon: 1e-7,
    isDisentangled: true,
    pooler: false,
  },
  modernbert: {
    ...bert,
    network: 'modernbert',
    layers: 22,
    expansion: 1.5,
    maxPositions: 8192,
    typeVocabSize: 0,
    tokenTypes: 'none',
    padId: 50283,
    layerNormEpsilon: 1e-5,
    pooler: false,
  },
  electra: { ...bert, pooler: false, projectsEmbeddings: true },
}
