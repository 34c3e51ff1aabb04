import { InvalidArgumentError } from '@mafjs/tensor'
import type { CreateOptions } from '../checkpoint/create-options'
import type { BertConfig } from './bert-config'
import { createBertEncoder, type TextEncoder } from './bert-encoder'

/** The configuration of any text encoder of this package. */
export type TextEncoderConfig = BertConfig

/**
 * A text encoder from its saved configuration.
 *
 * @throws InvalidArgumentError for an unknown `kind`.
 */
export function createTextEncoder(config: TextEncoderConfig, options: CreateOptions = {}): TextEncoder {
  if (config.kind === 'bert') return createBertEncoder(config, options)
  throw new InvalidArgumentError({
    argument: 'config.kind',
    rule: "must be 'bert'",
    received: (config as { kind?: string }).kind,
  })
}
