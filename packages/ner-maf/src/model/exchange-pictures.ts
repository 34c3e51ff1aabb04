import type { createCrossAttention } from '@mafjs/interact'
import { type ApplyOptions, type Encoding, takeRows } from '@mafjs/tensor'
import type { Tensor3D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'

/** What the exchange of pictures reads. */
export interface ExchangePicturesInputs {
  text: Encoding
  image: Encoding
  /** `[batch, tokens, hidden]`, every text with its own picture. */
  states: Tensor3D
  /** Whose picture each text is given; its own index where nothing is exchanged. */
  partners: ArrayLike<number>
  interaction: ReturnType<typeof createCrossAttention>
}

const rowsOf = (encoding: Encoding, rows: readonly number[]): Encoding => ({
  states: takeRows(encoding.states, rows),
  summary: takeRows(encoding.summary, rows),
  mask: takeRows(encoding.mask, rows),
})

/**
 * The states of each text beside its PARTNER's picture. The paper exchanges the finished states, which carry the
 * partner's sentence too, so that matching can be solved text to text; exchanging pictures before the interaction
 * leaves only the picture to tell, as at inference. Only exchanged rows are computed again.
 */
export function exchangePictures(
  { text, image, states, partners, interaction }: ExchangePicturesInputs,
  options: ApplyOptions,
): Tensor3D {
  const exchanged = Array.from({ length: partners.length }, (_, row) => row).filter(
    row => partners[row] !== row,
  )
  if (exchanged.length === 0) return states
  const again = interaction.apply(
    {
      text: rowsOf(text, exchanged),
      image: rowsOf(
        image,
        exchanged.map(row => partners[row]!),
      ),
    },
    options,
  )
  const places = Array.from({ length: partners.length }, (_, row) => {
    const place = exchanged.indexOf(row)
    return place < 0 ? row : partners.length + place
  })
  return takeRows(tf.concat([states, again.states], 0), places)
}
