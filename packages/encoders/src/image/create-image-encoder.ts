import { InvalidArgumentError } from '@mafjs/tensor'
import type { CreateOptions } from '../checkpoint/create-options'
import type { ImageEncoder } from './image-inputs'
import { type CompletePatchConfig, createPatchEncoder, type PatchConfig } from './patch-encoder'
import type { CompleteResNetConfig, ResNetConfig } from './resnet-config'
import { createResNetEncoder } from './resnet-encoder'

/** The configuration of any image encoder of this package. */
export type ImageEncoderConfig = ResNetConfig | PatchConfig

/**
 * An image encoder from its saved configuration.
 *
 * @throws InvalidArgumentError for an unknown `kind`.
 */
export function createImageEncoder(
  config: ImageEncoderConfig,
  options: CreateOptions = {},
): ImageEncoder<CompleteResNetConfig | CompletePatchConfig> {
  const { kind } = config
  if (config.kind === 'resnet') return createResNetEncoder(config, options)
  if (config.kind === 'patches') return createPatchEncoder(config, options)
  throw new InvalidArgumentError({
    argument: 'config.kind',
    rule: "must be 'resnet' or 'patches'",
    received: kind,
  })
}
