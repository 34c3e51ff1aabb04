import type { MafConfig } from '../model/config'

const isEncoders = (name: string): boolean => /^(text|image)_encoder\./.test(name)
const isCrf = (name: string): boolean => name.startsWith('crf.')

/** Names for what people mean most often. */
export const PARAMETER_ALIASES: Readonly<Record<string, (name: string) => boolean>> = {
  encoders: isEncoders,
  heads: name => !isEncoders(name) && !isCrf(name),
}

const TEXT_LAYER = /^text_encoder\..*\blayer\.(\d+)\./

/**
 * How many layers of the text encoder a parameter lies below what stands above it: 1 for the last layer, one more for every
 * layer below, most for the embeddings; 0 for all else.
 */
export function textDepth({ textEncoder: { layers = 12 } }: Pick<MafConfig, 'textEncoder'>, name: string) {
  const layer = TEXT_LAYER.exec(name)
  if (layer) return layers - Number(layer[1])
  return name.startsWith('text_encoder.embeddings.') ? layers + 1 : 0
}
