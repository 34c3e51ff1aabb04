import { assertLayers, assertPositive, assertSizes, InvalidArgumentError } from '@mafjs/tensor'

/** The activation of a feed-forward layer: the exact GELU, or `x * sigmoid(1.702 x)`. */
export type VisionActivation = 'gelu' | 'quick_gelu'

/** A vision transformer by its sizes; plain JSON. */
export interface VisionConfig {
  /** `vit`: Dosovitskiy et al. 2021; `clip`: the vision model of CLIP (Radford et al. 2021). */
  kind: 'vit' | 'clip'
  /** Height and width of a picture in pixels. */
  imageSize: number
  /** Height and width of a patch in pixels; divides `imageSize`. */
  patchSize: number
  /** Size of every state. @default 768 */
  hidden?: number
  /** Transformer layers. @default 12 */
  layers?: number
  /** Attention heads; they divide `hidden`. @default 12 */
  heads?: number
  /** Size of the feed-forward layer. @default 4 * hidden */
  intermediate?: number
  /** @default 'gelu' for `vit`, 'quick_gelu' for `clip` */
  activation?: VisionActivation
  /** @default 1e-12 for `vit`, 1e-5 for `clip` */
  layerNormEpsilon?: number
  /** Dropout of the embeddings and of every layer's two outputs; CLIP has none. @default 0 */
  hiddenDropout?: number
  /** Dropout of the attention weights. @default 0 */
  attentionDropout?: number
  /** Whether it is trained; a frozen one passes no gradient and keeps nothing for one. @default false */
  trainable?: boolean
  /** Seed of the first values. @default 0 */
  seed?: number
}

/** A vision transformer's configuration with every default filled in. */
export type CompleteVisionConfig = Required<VisionConfig>

/**
 * Fills in the defaults and checks every value.
 *
 * @throws InvalidArgumentError naming the field that breaks its rule.
 */
export function completeVisionConfig({
  kind,
  imageSize,
  patchSize,
  hidden = 768,
  layers = 12,
  heads = 12,
  intermediate = 4 * hidden,
  activation = kind === 'clip' ? 'quick_gelu' : 'gelu',
  layerNormEpsilon = kind === 'clip' ? 1e-5 : 1e-12,
  hiddenDropout = 0,
  attentionDropout = 0,
  trainable = false,
  seed = 0,
}: VisionConfig): CompleteVisionConfig {
  const check = (argument: string, received: unknown, rule: string, valid: boolean): void => {
    if (!valid) throw new InvalidArgumentError({ argument, rule, received })
  }
  check('kind', kind, "must be 'vit' or 'clip'", kind === 'vit' || kind === 'clip')
  const known = activation === 'gelu' || activation === 'quick_gelu'
  check('activation', activation, "must be 'gelu' or 'quick_gelu'", known)
  const sizes = { imageSize, patchSize, hidden, layers, heads, intermediate }
  assertSizes(sizes)
  assertLayers(layers)
  check('patchSize', patchSize, `must divide imageSize = ${imageSize}`, imageSize % patchSize === 0)
  check('heads', heads, `must divide hidden = ${hidden}`, hidden % heads === 0)
  assertPositive({ layerNormEpsilon })
  for (const [argument, rate] of Object.entries({ hiddenDropout, attentionDropout })) {
    check(argument, rate, 'must be in [0, 1)', rate >= 0 && rate < 1)
  }
  check('hiddenDropout', hiddenDropout, "must be 0 for 'clip'", kind === 'vit' || hiddenDropout === 0)
  return {
    kind,
    ...sizes,
    activation,
    layerNormEpsilon,
    hiddenDropout,
    attentionDropout,
    trainable,
    seed,
  }
}
