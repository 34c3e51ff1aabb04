import { resNetChannels } from '@mafjs/encoders'
import { defaultConfig, type MafConfig, referenceConfig } from '@mafjs/ner-maf'
import type { Sizes } from './sizes'

/** Files of the configurations and weights, by preset. */
export const MODELS = ['reference', 'default'] as const

/** The two models of the race: the published code's, and ours as a user trains it. */
export function configsOf({
  textEncoder,
  imageEncoder,
  tokens,
  exchanges,
}: Sizes): Record<'reference' | 'default', MafConfig> {
  const imageSize = resNetChannels(imageEncoder)
  return {
    reference: referenceConfig({ textEncoder, imageEncoder, imageSize, tokens, exchanges }),
    default: defaultConfig({ types: ['MISC', 'PER', 'ORG', 'LOC'], textEncoder, imageEncoder, imageSize }),
  }
}
