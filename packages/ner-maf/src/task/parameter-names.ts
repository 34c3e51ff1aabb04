import type { MafConfig } from '../model/config'

const isEncoders = (name: string): boolean => /^(text|image)_encoder\./.test(name)
const isWordShapes = (name: string): boolean => name.includes('.word_shape_embeddings.')
const isCrf = (name: string): boolean => name.startsWith('crf.')

/** Names for what people mean most often. */
export const PARAMETER_ALIASES: Readonly<Record<string, (name: string) => boolean>> = {
  encoders: isEncoders,
  heads: name => !isEncoders(name) && !isCrf(name),
  shapes: isWordShapes,
}

const TEXT_LAYER = /^text_encoder\..*\blayer\.(\d+)\./

/**
 * How many layers of the text encoder a parameter lies below what stands above it: 1 for the last layer, one more for every
 * layer below, most for the embeddings; 0 for all else, and for the shapes of words, which no pretraining knew.
 */
export function textDepth({ textEncoder: { layers = 12 } }: Pick<MafConfig, 'textEncoder'>, name: string) {
  const layer = TEXT_LAYER.exec(name)
  if (layer) return layers - Number(layer[1])
  return name.startsWith('text_encoder.embeddings.') && !isWordShapes(name) ? layers + 1 : 0
}
