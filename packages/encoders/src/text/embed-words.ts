import { constant, normalInitializer, type ParameterSpec, type Parameters } from '@mafjs/tensor'
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { embeddingLookup } from './embedding-lookup'
import type { CompleteTextEncoderConfig } from './text-encoder-config'
import type { TextInputs } from './token-batch'

const WORDS = 'embeddings.word_embeddings.weight'

/** The table of the shapes of words, where there is one. */
export const WORD_SHAPE_TABLE = 'embeddings.word_shape_embeddings.weight'

/** The tables that `embedWords` reads. That of the shapes begins with zeros: a pretrained encoder stays what it is. */
export const embedWordsSpecs = ({
  vocabSize,
  hidden,
  embeddingSize = hidden,
  wordShapes,
}: CompleteTextEncoderConfig): Record<string, ParameterSpec> => ({
  [WORDS]: { shape: [vocabSize, embeddingSize], initializer: normalInitializer() },
  ...(wordShapes && {
    [WORD_SHAPE_TABLE]: { shape: [wordShapes.length, embeddingSize], initializer: constant(0) },
  }),
})

/** The embedding of each piece, and of the shape of its word where shapes are read; shape 0 is never trained. */
export function embedWords(
  { ids, shapes }: TextInputs,
  parameters: Parameters,
  { padId }: CompleteTextEncoderConfig,
): Tensor3D {
  const words = embeddingLookup(parameters[WORDS] as Tensor2D, ids, { padId })
  if (!shapes) return words
  return tf.add(words, embeddingLookup(parameters[WORD_SHAPE_TABLE] as Tensor2D, shapes, { padId: 0 }))
}
