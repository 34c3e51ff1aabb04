import {
  assertLayers,
  assertPositive,
  assertSizes,
  InvalidArgumentError,
  type TransformerLayerConfig,
} from '@mafjs/tensor'
import { assertDisentangled, type DisentangledConfig, publishedDisentangled } from './disentangled-config'
import { requireOneOf, requireWhole } from './require'
import { assertRotary, publishedRotary, type RotaryConfig } from './rotary-config'
import { TEXT_ENCODER_KINDS, TEXT_ENCODER_TRAITS, type TextEncoderKind } from './text-encoder-traits'
import { assertWordShapes } from './word-shapes'

/** The sizes and rates of a text encoder; plain JSON. Defaults are those of the published base model of its kind. */
export interface TextEncoderConfig {
  /** Hugging Face's `model_type`. */
  kind: TextEncoderKind
  /** Rows of the word embedding table. */
  vocabSize: number
  /** Size of every state. @default 768 */
  hidden?: number
  /** Size of the embeddings, where a dense layer makes states of them: only ELECTRA's. @default hidden */
  embeddingSize?: number | undefined
  /** DeBERTa's positions. @default those of the published DeBERTa 3 */
  disentangled?: DisentangledConfig | undefined
  /** ModernBERT's positions, and how far its layers look. @default those of the published model */
  rotary?: RotaryConfig | undefined
  /** Transformer layers. @default 12, of DistilBERT 6, of ModernBERT 22 */
  layers?: number
  /** Attention heads; they divide `hidden`. @default 12 */
  heads?: number
  /** Size of the feed-forward layer. @default 4 * hidden, of ModernBERT 1.5 * hidden */
  intermediate?: number
  /** Longest sequence, special tokens included; RoBERTa's position table has `padId + 1` rows more. @default 512, of ModernBERT 8192 */
  maxPositions?: number
  /** Rows of the token type table; every token is of type 0. @default 2, of RoBERTa 1, of DistilBERT, DeBERTa and ModernBERT 0: no table */
  typeVocabSize?: number
  /**
   * The shapes of words as they were written that the encoder reads beside its pieces: `WORD_SHAPES`, the names by their ids. An
   * uncased tokenizer hides them. Their embeddings begin with zeros.
   * @default none are read
   */
  wordShapes?: readonly string[] | undefined
  /** The padding's id, whose embedding is never trained. @default 0, of RoBERTa 1, of ModernBERT 50283 */
  padId?: number
  /** @default 1e-12, of RoBERTa and ModernBERT 1e-5, of DeBERTa 1e-7 */
  layerNormEpsilon?: number
  /** Dropout of the embeddings and of every layer's outputs. @default 0.1 */
  hiddenDropout?: number
  /** Dropout of the attention weights. @default 0.1 */
  attentionDropout?: number
  /** Activation of the feed-forward layer; `gelu` is the exact one. @default 'gelu' */
  activation?: 'gelu'
  /**
   * What stands for the whole sentence: the state of the first token, `[CLS]` or `<s>` (the MAF paper), or that state
   * through the pooler's dense layer and tanh (the published MAF code), which DistilBERT lacks. Without `pooler` there
   * are no pooler parameters.
   * @default 'cls'
   */
  summary?: 'cls' | 'pooler'
  /** Seed of the first values. @default 0 */
  seed?: number
}

/** What only some kinds have: where there is none, nothing of it is there. */
type Own = 'embeddingSize' | 'disentangled' | 'rotary' | 'wordShapes'

/** A text encoder's configuration with every default filled in. */
export type CompleteTextEncoderConfig = Required<Omit<TextEncoderConfig, Own>> & Pick<TextEncoderConfig, Own>

/**
 * Fills in the defaults and checks every value.
 *
 * @throws InvalidArgumentError naming the field that breaks its rule.
 */
export function completeTextEncoderConfig(config: TextEncoderConfig): CompleteTextEncoderConfig {
  requireOneOf('kind', config.kind, TEXT_ENCODER_KINDS)
  const traits = TEXT_ENCODER_TRAITS[config.kind]
  const {
    kind,
    vocabSize,
    wordShapes,
    hidden = 768,
    embeddingSize = hidden,
    layers = traits.layers,
    heads = 12,
    intermediate = traits.expansion * hidden,
    maxPositions = traits.maxPositions,
    typeVocabSize = traits.typeVocabSize,
    padId = traits.padId,
    layerNormEpsilon = traits.layerNormEpsilon,
    hiddenDropout = 0.1,
    attentionDropout = 0.1,
    activation = 'gelu',
    summary = 'cls',
    seed = 0,
  } = config
  requireOneOf('activation', activation, ['gelu'])
  requireOneOf('summary', summary, ['cls', 'pooler'])
  const sizes = { vocabSize, hidden, layers, heads, intermediate, maxPositions }
  assertSizes({ ...sizes, embeddingSize })
  assertLayers(layers)
  requireWhole('padId', padId, 0)
  if (!(layerNormEpsilon > 0)) {
    throw new InvalidArgumentError({
      argument: 'layerNormEpsilon',
      rule: 'must be a positive number',
      received: layerNormEpsilon,
    })
  }
  const { disentangled = traits.isDisentangled ? publishedDisentangled(maxPositions) : undefined } = config
  const { rotary = traits.network === 'modernbert' ? publishedRotary(layers) : undefined } = config
  if (hidden % heads !== 0) {
    throw new InvalidArgumentError({
      argument: 'heads',
      rule: `must divide hidden = ${hidden}`,
      received: heads,
    })
  }
  for (const [argument, rate] of Object.entries({ hiddenDropout, attentionDropout })) {
    if (!(rate >= 0 && rate < 1)) {
      throw new InvalidArgumentError({ argument, rule: 'must be in [0, 1)', received: rate })
    }
  }
  assertPositive({ layerNormEpsilon })
  if (wordShapes !== undefined) assertWordShapes(wordShapes)
  requireWhole('typeVocabSize', typeVocabSize, traits.tokenTypes === 'some' ? 1 : 0)
  const complete = {
    kind,
    ...sizes,
    ...(embeddingSize !== hidden && { embeddingSize }),
    ...(disentangled && { disentangled }),
    ...(rotary && { rotary }),
    ...(wordShapes && { wordShapes: [...wordShapes] }),
    typeVocabSize,
    padId,
    layerNormEpsilon,
    hiddenDropout,
    attentionDropout,
    activation,
    summary,
    seed,
  }
  assertKind(complete)
  if (disentangled) assertDisentangled(disentangled, maxPositions)
  if (rotary) assertRotary(rotary, complete)
  return complete
}

/** The part of the configuration that one layer needs. */
export function layerConfig(config: CompleteTextEncoderConfig): TransformerLayerConfig {
  const { kind, hidden, heads, intermediate, hiddenDropout, attentionDropout, layerNormEpsilon } = config
  const attentionOutputDropout = TEXT_ENCODER_TRAITS[kind].attentionOutputDropout ? hiddenDropout : 0
  return {
    hidden,
    heads,
    intermediate,
    hiddenDropout,
    attentionDropout,
    attentionOutputDropout,
    layerNormEpsilon,
  }
}

/** Rows of the position table before that of the first token. */
export function firstPosition({ kind, padId }: CompleteTextEncoderConfig): number {
  return TEXT_ENCODER_TRAITS[kind].positionsAfterPadding ? padId + 1 : 0
}

/** What a kind does not have, and its `config.json` has no field for. */
function assertKind(config: CompleteTextEncoderConfig): void {
  const { kind, hidden, embeddingSize = hidden, typeVocabSize, layerNormEpsilon, summary } = config
  const traits = TEXT_ENCODER_TRAITS[kind]
  const refuse = (argument: string, rule: string, received: unknown, fix: string): never => {
    throw new InvalidArgumentError({ argument, rule: `${rule} of kind '${kind}'`, received, fix })
  }
  if (summary === 'pooler' && !traits.pooler) {
    const fix = "It has no pooler: take summary 'cls', as ner-maf's default preset does."
    refuse('summary', "must be 'cls'", summary, fix)
  }
  if (traits.tokenTypes === 'none' && typeVocabSize !== 0) {
    refuse('typeVocabSize', 'must be 0', typeVocabSize, 'It has no token types: leave it out.')
  }
  if (traits.isEpsilonFixed && layerNormEpsilon !== traits.layerNormEpsilon) {
    const rule = `must be ${traits.layerNormEpsilon}`
    refuse('layerNormEpsilon', rule, layerNormEpsilon, 'It knows no other: leave it out.')
  }
  for (const [name, isOwn] of Object.entries({
    disentangled: traits.isDisentangled,
    rotary: traits.network === 'modernbert',
  })) {
    if (!isOwn && config[name as Own] !== undefined) refuse(name, 'must be left out', 'one', 'It has none.')
  }
  if (!traits.projectsEmbeddings && embeddingSize !== hidden) {
    refuse(
      'embeddingSize',
      `must be hidden = ${hidden}`,
      embeddingSize,
      'It projects no embeddings: leave it out.',
    )
  }
}
