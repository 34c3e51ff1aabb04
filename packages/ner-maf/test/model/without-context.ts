import type { Post } from '@mafjs/data'
import { createWordTokenizer } from '@mafjs/encoders'
import { normal } from '@mafjs/tensor'
import * as tf from '@tensorflow/tfjs-core'
import { buildMaf } from '../../src/model/build-maf'
import type { MafConfig } from '../../src/model/config'
import type { Maf } from '../../src/model/maf'
import { post, tokenizer } from './tiny'

/** The tiny tokenizer with another greatest length. */
export const tokenizerOf = (maxLength: number) =>
  createWordTokenizer({ tokenizer: tokenizer.definition, maxLength })

/** The words of the tiny vocabulary in some order; `robs` and `acmey` have two pieces. */
const WORDS = 'robs loves acmey the paris ann visits hello rob sat in acmes'.split(' ')

/** A post of many words, labelled without end by three types in turn. */
export function longPost(words: number, image?: string): Post {
  const text = Array.from({ length: words }, (_, i) => WORDS[(7 * i + (i >> 3)) % WORDS.length]!)
  const labels = text.map(
    (_, i) => `${i % 5 === 0 ? 'B' : 'I'}-${['PER', 'LOC', 'ORG'][Math.floor(i / 5) % 3]}`,
  )
  return post(text.join(' '), labels.join(' '), image)
}

/**
 * A model in which a word's emissions depend on the word and the picture alone: attention adds nothing, and places are
 * alike. What it says of windows must then be what it says of the whole.
 */
export function withoutContext(config: MafConfig): Maf {
  const { textEncoder, ...rest } = config
  const model = buildMaf({ ...rest, textEncoder: { ...textEncoder, maxPositions: 128 } })
  const parameters = model.parameters()
  for (const [name, variable] of Object.entries(parameters)) {
    const isContext = /^text_encoder\.(.*position_embeddings|.*attention\.output\.dense)\./.test(name)
    const isSharp = /^crf\.|^classifier\.|word_embeddings/.test(name)
    if (!isContext && !isSharp) continue
    const values = isContext
      ? new Float32Array(variable.size)
      : normal(variable.size, { seed: 4, site: name })
    variable.assign(tf.tensor(values, variable.shape))
  }
  return model
}
