import { alignmentPresets } from '@mafjs/align'
import { labelScheme } from '@mafjs/data'
import type { TextEncoderConfig } from '@mafjs/encoders'
import { crossAttentionPresets } from '@mafjs/interact'
import { matchingPresets } from '@mafjs/match'
import { InvalidArgumentError } from '@mafjs/tensor'
import type { MafConfig } from './config'
import { PIECE_LABELS, type Wiring } from './wiring'

/**
 * The modules that can be left out, each an ablation. Without interaction every token is given the mean of the regions;
 * without the gate fusion sets text and picture side by side.
 */
export const ABLATED_MODULES = ['alignment', 'matching', 'interaction', 'gate'] as const

/** A module that ablations and `without` can leave out. */
export type AblatedModule = (typeof ABLATED_MODULES)[number]

/** A configuration without some modules, and without anything undefined, which JSON would lose. */
function leaveOut<Part extends Partial<MafConfig>>(config: Part, without: readonly AblatedModule[]): Part {
  const unknown = without.find(name => !ABLATED_MODULES.includes(name))
  if (unknown !== undefined) {
    throw new InvalidArgumentError({
      argument: 'without',
      rule: `must name modules of ${ABLATED_MODULES.join(', ')}`,
      received: unknown,
    })
  }
  const { interaction, fusion } = config
  const changed: Partial<MafConfig> = {
    ...config,
    ...(without.includes('alignment') && { alignment: undefined }),
    ...(without.includes('matching') && { matching: undefined }),
    // Something must stand in their place: what they give is what the rest is made of.
    ...(interaction &&
      without.includes('interaction') && { interaction: { ...interaction, kind: 'pooled' } }),
    ...(fusion && without.includes('gate') && { fusion: { ...fusion, kind: 'concat' } }),
  }
  return Object.fromEntries(Object.entries(changed).filter(([, part]) => part !== undefined)) as Part
}

/** What either preset needs to know. */
interface PresetOptions {
  textEncoder: TextEncoderConfig & { hidden: number; heads: number; intermediate: number }
  imageEncoder?: MafConfig['imageEncoder'] | undefined
  /** @default none */
  without?: readonly AblatedModule[] | undefined
  /** @default 0.62, the published `lamb` */
  lossWeight?: number | undefined
  /** @default 0.1 */
  dropout?: number | undefined
  /** @default 37 */
  seed?: number | undefined
}

/** What the `default` preset needs to know. */
export interface DefaultConfigOptions extends Wiring, PresetOptions {
  /** Entity types. */
  types: readonly string[]
  /** Channels of the image encoder's regions and summary; left out for a text-only model. */
  imageSize?: number | undefined
}

/**
 * The `default` preset: the paper with the faults of the published code mended. The CRF runs over words, padding is
 * masked everywhere, pictures that do not exist add nothing, and matching is trained on foreign PICTURES.
 */
export function defaultConfig({
  types,
  textEncoder,
  imageEncoder,
  imageSize,
  without = [],
  residual = crossAttentionPresets.default.residual,
  tagExchanged = matchingPresets.default.exchangedStatesInTagging,
  steps = 'words',
  lossWeight = 0.62,
  dropout = 0.1,
  seed = 37,
}: DefaultConfigOptions): MafConfig {
  const { hidden, heads, intermediate, hiddenDropout = 0.1, attentionDropout = 0.1 } = textEncoder
  const pictures: Partial<MafConfig> =
    imageSize === undefined
      ? {}
      : {
          imageEncoder,
          alignment: { ...alignmentPresets.default, textSize: hidden, imageSize, hidden, seed },
          interaction: {
            ...crossAttentionPresets.default,
            residual,
            hidden,
            imageSize,
            heads,
            intermediate,
            hiddenDropout,
            attentionDropout,
            seed,
          },
          matching: {
            ...matchingPresets.default,
            exchangedStatesInTagging: tagExchanged,
            hidden,
            seed,
          },
          fusion: { hidden, seed },
        }
  return {
    labels: [...labelScheme(types).labels, ...(steps === 'pieces' ? PIECE_LABELS : [])],
    types: [...types],
    textEncoder,
    ...leaveOut(pictures, without),
    exchange: 'pictures',
    steps,
    padTo: 'longest',
    constraints: steps === 'pieces' ? 'none' : 'bio',
    lossWeight,
    dropout,
    seed,
  }
}

/** What the `reference` preset needs to know; the defaults are the published code's. */
export interface ReferenceConfigOptions extends PresetOptions {
  /** The label set by id. @default the 13 published labels */
  labels?: readonly string[] | undefined
  /** Channels of the image encoder. @default 2048 */
  imageSize?: number | undefined
  /** The fixed length every post is padded to. @default 128 */
  tokens?: number | undefined
  /** Layers of the cross attention. @default 1 */
  crossLayers?: number | undefined
  /** @default 0.179 */
  temperature?: number | undefined
  /** @default 0.7 */
  textToImageWeight?: number | undefined
  /** Posts of a batch that exchange. @default 16 */
  exchanges?: number | undefined
}

/** The published labels by id. */
export const PUBLISHED_LABELS: readonly string[] =
  '[PAD] O B-MISC I-MISC B-PER I-PER B-ORG I-ORG B-LOC I-LOC X [CLS] [SEP]'.split(' ')

/**
 * The `reference` preset: exactly what the published code does, quirks included, so that its checkpoints load and its
 * numbers come out.
 */
export function referenceConfig({
  labels = PUBLISHED_LABELS,
  textEncoder,
  imageEncoder,
  imageSize = 2048,
  tokens = 128,
  crossLayers = 1,
  without = [],
  dropout = 0.1,
  temperature = alignmentPresets.reference.temperature,
  textToImageWeight = alignmentPresets.reference.textToImageWeight,
  lossWeight = 0.62,
  exchanges = 16,
  seed = 37,
}: ReferenceConfigOptions): MafConfig {
  const { hidden, heads, intermediate, layerNormEpsilon = 1e-12 } = textEncoder
  const config: MafConfig = {
    labels: [...labels],
    types: labels.filter(label => label.startsWith('B-')).map(label => label.slice(2)),
    textEncoder: { ...textEncoder, summary: 'pooler' },
    imageEncoder,
    alignment: { textSize: hidden, imageSize, hidden, temperature, textToImageWeight, seed },
    interaction: {
      ...crossAttentionPresets.reference,
      hidden,
      imageSize,
      heads,
      intermediate,
      layers: crossLayers,
      hiddenDropout: dropout,
      attentionDropout: dropout,
      layerNormEpsilon,
      seed,
    },
    matching: {
      ...matchingPresets.reference,
      hidden,
      tokens,
      exchange: { rule: 'last', count: exchanges },
      seed,
    },
    fusion: { hidden, seed },
    exchange: 'states',
    steps: 'pieces',
    padTo: tokens,
    constraints: 'none',
    lossWeight,
    dropout,
    seed,
  }
  return leaveOut(config, without)
}
