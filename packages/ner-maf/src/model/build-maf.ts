import { createAlignment } from '@mafjs/align'
import { createCrf } from '@mafjs/crf'
import { createImageEncoder, createTextEncoder, type ImageEncoder, type TextEncoder } from '@mafjs/encoders'
import type { OnnxImage } from '@mafjs/encoders/onnx'
import { createConcatFusion, createGatedFusion } from '@mafjs/fuse'
import { createCrossAttention, createPooledInteraction } from '@mafjs/interact'
import { createMatching } from '@mafjs/match'
import { assertConfig } from './check-config'
import type { MafConfig } from './config'
import { createMaf, type Maf } from './maf'
import {
  assertOwnParts,
  type FusionModule,
  type InteractionModule,
  isOwn,
  type OwnConfig,
  type OwnParts,
  type PartSizes,
} from './own-parts'

/** Parts that are not made from the configuration alone; encoders' own must be those in the model's. */
export interface BuildMafOptions {
  textEncoder?: TextEncoder | undefined
  imageEncoder?: ImageEncoder | undefined
  /** The image model of a configuration whose image encoder is one. */
  onnxImage?: OnnxImage | undefined
  /** Make the modules whose configuration is `{ kind: 'own' }`, and only those. */
  parts?: OwnParts | undefined
  /** Whether the encoders' first values are drawn; false where a checkpoint is assigned next. @default true */
  initialise?: boolean | undefined
}

/**
 * Builds a model from its configuration alone: every module by its factory, then the wiring.
 *
 * @throws InvalidArgumentError for a configuration that breaks a rule; nothing of it stays in memory.
 */
export function buildMaf(
  config: MafConfig,
  { textEncoder, imageEncoder, onnxImage, parts = {}, initialise = true }: BuildMafOptions = {},
): Maf {
  assertConfig(config)
  assertOwnParts(config, parts)
  const { alignment, interaction, matching, fusion, labels, constraints, seed } = config
  const encoderConfig = config.imageEncoder?.kind === 'onnx' ? undefined : config.imageEncoder
  const made: { dispose(): void }[] = []
  const keep = <Part extends { dispose(): void }>(part: Part): Part => {
    made.push(part)
    return part
  }
  const own = (part: OwnConfig): PartSizes => ({
    seed,
    ...part,
    hidden: config.textEncoder.hidden,
    imageSize: interaction!.imageSize,
  })
  const interactionOf = (options: NonNullable<typeof interaction>): InteractionModule => {
    if (isOwn(options)) return parts.interact!(own(options))
    return options.kind === 'pooled' ? createPooledInteraction(options) : createCrossAttention(options)
  }
  const fusionOf = (options: NonNullable<typeof fusion>): FusionModule => {
    if (isOwn(options)) return parts.fuse!(own(options))
    return options.kind === 'concat' ? createConcatFusion(options) : createGatedFusion(options)
  }
  try {
    return createMaf(config, {
      textEncoder: textEncoder ?? keep(createTextEncoder(config.textEncoder, { initialise })),
      imageEncoder:
        imageEncoder ?? (encoderConfig && keep(createImageEncoder(encoderConfig, { initialise }))),
      onnxImage,
      alignment:
        alignment && keep(isOwn(alignment) ? parts.align!(own(alignment)) : createAlignment(alignment)),
      interaction: interaction && keep(interactionOf(interaction)),
      matching: matching && keep(isOwn(matching) ? parts.match!(own(matching)) : createMatching(matching)),
      fusion: fusion && keep(fusionOf(fusion)),
      crf: keep(createCrf({ labels, constraints, seed })),
    })
  } catch (error) {
    for (const part of made) part.dispose()
    throw error
  }
}
