import { InvalidArgumentError } from '@mafjs/tensor'
import type { CreateOptions } from '../create-options'
import type { CompleteEfficientNetConfig, EfficientNetConfig } from './efficientnet-config'
import { createEfficientNetEncoder } from './efficientnet-encoder'
import type { ImageEncoder } from './image-inputs'
import { type CompletePatchConfig, createPatchEncoder, type PatchConfig } from './patch-encoder'
import type { CompleteResNetConfig, ResNetConfig } from './resnet-config'
import { createResNetEncoder } from './resnet-encoder'
import type { CompleteVisionConfig, VisionConfig } from './vision-config'
import { createVisionTransformer } from './vision-transformer'

/** The configuration of any image encoder of this package. */
export type ImageEncoderConfig = ResNetConfig | EfficientNetConfig | PatchConfig | VisionConfig

/** Any image encoder of this package. */
export type AnyImageEncoder = ImageEncoder<
  CompleteResNetConfig | CompleteEfficientNetConfig | CompletePatchConfig | CompleteVisionConfig
>

/**
 * An image encoder from its saved configuration.
 *
 * @throws InvalidArgumentError for an unknown `kind`.
 */
export function createImageEncoder(config: ImageEncoderConfig, options: CreateOptions = {}): AnyImageEncoder {
  const { kind } = config
  if (config.kind === 'resnet') return createResNetEncoder(config, options)
  if (config.kind === 'efficientnet-lite') return createEfficientNetEncoder(config, options)
  if (config.kind === 'patches') return createPatchEncoder(config, options)
  if (config.kind === 'vit' || config.kind === 'clip') return createVisionTransformer(config, options)
  throw new InvalidArgumentError({
    argument: 'config.kind',
    rule: "must be 'resnet', 'efficientnet-lite', 'patches', 'vit' or 'clip'",
    received: kind,
  })
}
