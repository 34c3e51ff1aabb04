import { InvalidArgumentError, type TransformerLayerConfig } from '@mafjs/tensor'

/** The sizes and rates of a BERT encoder; plain JSON. Defaults are those of bert-base (Devlin et al. 2019). */
export interface BertConfig {
  kind: 'bert'
  /** Rows of the word embedding table. */
  vocabSize: number
  /** Size of every state. @default 768 */
  hidden?: number
  /** Transformer layers. @default 12 */
  layers?: number
  /** Attention heads; they divide `hidden`. @default 12 */
  heads?: number
  /** Size of the feed-forward layer. @default 4 * hidden */
  intermediate?: number
  /** Longest sequence, special tokens included. @default 512 */
  maxPositions?: number
  /** Rows of the token type table; every token is of type 0. @default 2 */
  typeVocabSize?: number
  /** The padding's id, whose embedding is never trained, as in Hugging Face's BERT. @default 0 */
  padId?: number
  /** @default 1e-12 */
  layerNormEpsilon?: number
  /** Dropout of the embeddings and of every layer's two outputs. @default 0.1 */
  hiddenDropout?: number
  /** Dropout of the attention weights. @default 0.1 */
  attentionDropout?: number
  /** Activation of the feed-forward layer; `gelu` is the exact one. @default 'gelu' */
  activation?: 'gelu'
  /**
   * What stands for the whole sentence: the state of the first token, `[CLS]` (the MAF paper), or that state through
   * the pooler's dense layer and tanh (the published MAF code). Without `pooler` there are no pooler parameters.
   * @default 'cls'
   */
  summary?: 'cls' | 'pooler'
  /** Seed of the first values. @default 0 */
  seed?: number
}

/** A BERT configuration with every default filled in. */
export type CompleteBertConfig = Required<BertConfig>

/**
 * Fills in the defaults and checks every value.
 *
 * @throws InvalidArgumentError naming the field that breaks its rule.
 */
export function completeBertConfig({
  kind,
  vocabSize,
  hidden = 768,
  layers = 12,
  heads = 12,
  intermediate = 4 * hidden,
  maxPositions = 512,
  typeVocabSize = 2,
  padId = 0,
  layerNormEpsilon = 1e-12,
  hiddenDropout = 0.1,
  attentionDropout = 0.1,
  activation = 'gelu',
  summary = 'cls',
  seed = 0,
}: BertConfig): CompleteBertConfig {
  requireOneOf('kind', kind, ['bert'])
  requireOneOf('activation', activation, ['gelu'])
  requireOneOf('summary', summary, ['cls', 'pooler'])
  const sizes = { vocabSize, hidden, layers, heads, intermediate, maxPositions, typeVocabSize }
  for (const [argument, size] of Object.entries(sizes)) {
    if (!Number.isInteger(size) || size < 1) {
      throw new InvalidArgumentError({ argument, rule: 'must be a positive integer', received: size })
    }
  }
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
  return {
    kind,
    ...sizes,
    padId,
    layerNormEpsilon,
    hiddenDropout,
    attentionDropout,
    activation,
    summary,
    seed,
  }
}

/** The part of the configuration that one layer needs. */
export function layerConfig(config: CompleteBertConfig): TransformerLayerConfig {
  const { hidden, heads, intermediate, hiddenDropout, attentionDropout, layerNormEpsilon } = config
  return { hidden, heads, intermediate, hiddenDropout, attentionDropout, layerNormEpsilon }
}

function requireOneOf(argument: string, value: string, allowed: readonly string[]): void {
  if (!allowed.includes(value)) {
    throw new InvalidArgumentError({
      argument,
      rule: `must be ${allowed.map(name => `'${name}'`).join(' or ')}`,
      received: value,
    })
  }
}
