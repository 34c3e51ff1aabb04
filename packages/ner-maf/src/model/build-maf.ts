import { createAlignment } from '@mafjs/align'
import { createCrf } from '@mafjs/crf'
import { createImageEncoder, createTextEncoder, type ImageEncoder, type TextEncoder } from '@mafjs/encoders'
import { createGatedFusion } from '@mafjs/fuse'
import { createCrossAttention } from '@mafjs/interact'
import { createMatching } from '@mafjs/match'
import type { MafConfig } from './config'
import { createMaf, type Maf } from './maf'

/** Encoders that exist already, such as pretrained ones; their configurations must be those in the model's. */
export interface BuildMafOptions {
  textEncoder?: TextEncoder
  imageEncoder?: ImageEncoder
  /** Whether the encoders' first values are drawn; false where a checkpoint is assigned next. @default true */
  initialise?: boolean
}

/** Builds a model from its configuration alone: every module by its factory, then the wiring. */
export function buildMaf(
  config: MafConfig,
  { textEncoder, imageEncoder, initialise = true }: BuildMafOptions = {},
): Maf {
  const { alignment, interaction, matching, fusion, labels, constraints, seed } = config
  return createMaf(config, {
    textEncoder: textEncoder ?? createTextEncoder(config.textEncoder, { initialise }),
    imageEncoder:
      imageEncoder ?? (config.imageEncoder && createImageEncoder(config.imageEncoder, { initialise })),
    alignment: alignment && createAlignment(alignment),
    interaction: interaction && createCrossAttention(interaction),
    matching: matching && createMatching(matching),
    fusion: fusion && createGatedFusion(fusion),
    crf: createCrf({ labels, constraints, seed }),
  })
}
