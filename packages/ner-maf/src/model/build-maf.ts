import { createAlignment } from '@mafjs/align'
import { createCrf } from '@mafjs/crf'
import { createImageEncoder, createTextEncoder, type ImageEncoder, type TextEncoder } from '@mafjs/encoders'
import type { OnnxImage } from '@mafjs/encoders/onnx'
import { createConcatFusion, createGatedFusion } from '@mafjs/fuse'
import { createCrossAttention, createPooledInteraction } from '@mafjs/interact'
import { createMatching } from '@mafjs/match'
import type { MafConfig } from './config'
import { createMaf, type Maf } from './maf'
import { assertCreateFusion, type CreateFusion, type FusionModule } from './own-fusion'

/** Parts that are not made from the configuration alone; encoders' own must be those in the model's. */
export interface BuildMafOptions {
  textEncoder?: TextEncoder | undefined
  imageEncoder?: ImageEncoder | undefined
  /** The image model of a configuration whose image encoder is one. */
  onnxImage?: OnnxImage | undefined
  /** Makes the fusion module where `config.fusion.kind` is `own`; given there, and only there. */
  createFusion?: CreateFusion | undefined
  /** Whether the encoders' first values are drawn; false where a checkpoint is assigned next. @default true */
  initialise?: boolean | undefined
}

/** The fusion module that a configuration names. */
function fusionOf(
  fusion: NonNullable<MafConfig['fusion']>,
  createFusion: CreateFusion | undefined,
): FusionModule {
  if (fusion.kind === 'own') return createFusion!(fusion)
  return fusion.kind === 'concat' ? createConcatFusion(fusion) : createGatedFusion(fusion)
}

/**
 * Builds a model from its configuration alone: every module by its factory, then the wiring.
 *
 * @throws InvalidArgumentError for a configuration that breaks a rule; nothing of it stays in memory.
 */
export function buildMaf(
  config: MafConfig,
  { textEncoder, imageEncoder, onnxImage, createFusion, initialise = true }: BuildMafOptions = {},
): Maf {
  assertCreateFusion(config, createFusion)
  const { alignment, interaction, matching, fusion, labels, constraints, seed } = config
  const encoderConfig = config.imageEncoder?.kind === 'onnx' ? undefined : config.imageEncoder
  const made: { dispose(): void }[] = []
  const keep = <Part extends { dispose(): void }>(part: Part): Part => {
    made.push(part)
    return part
  }
  try {
    return createMaf(config, {
      textEncoder: textEncoder ?? keep(createTextEncoder(config.textEncoder, { initialise })),
      imageEncoder:
        imageEncoder ?? (encoderConfig && keep(createImageEncoder(encoderConfig, { initialise }))),
      onnxImage,
      alignment: alignment && keep(createAlignment(alignment)),
      interaction:
        interaction &&
        keep(
          interaction.kind === 'pooled'
            ? createPooledInteraction(interaction)
            : createCrossAttention(interaction),
        ),
      matching: matching && keep(createMatching(matching)),
      fusion: fusion && keep(fusionOf(fusion, createFusion)),
      crf: keep(createCrf({ labels, constraints, seed })),
    })
  } catch (error) {
    for (const part of made) part.dispose()
    throw error
  }
}
