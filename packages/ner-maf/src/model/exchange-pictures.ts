import { type ApplyOptions, type Encoding, InvalidArgumentError, takeRows } from '@mafjs/tensor'
import type { Tensor1D, Tensor3D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import type { InteractionModule } from './own-parts'

/** Places in a batch: numbers, or an int32 tensor of one axis, whose values are not read. */
export type Places = ArrayLike<number> | Tensor1D

/** Which rows of a batch are computed again with another picture, and where they go. */
export interface ExchangedRows {
  /** The rows; one whose picture is its own fills up the number. */
  rows: Places
  /** Whose picture each of them is given. */
  pictures: Places
  /** For every row of the batch its place in [the rows as they were; the rows computed again]. */
  places: Places
}

/** What the exchange of pictures reads. */
export interface ExchangePicturesInputs {
  text: Encoding
  image: Encoding
  /** `[batch, tokens, hidden]`, every text with its own picture. */
  states: Tensor3D
  /** Whose picture each text is given; its own index where nothing is exchanged. */
  partners: Places
  /** Needed where `partners` is a tensor. @default what the partners say */
  again?: ExchangedRows | undefined
  interaction: Pick<InteractionModule, 'apply'>
}

const rowsOf = (encoding: Encoding, rows: Places): Encoding => ({
  states: takeRows(encoding.states, rows),
  summary: takeRows(encoding.summary, rows),
  mask: takeRows(encoding.mask, rows),
})

/**
 * The rows that an exchange computes again.
 *
 * @param count how many at least: the same number for every batch makes one compiled program do for all. @default as many
 * as are exchanged
 */
export function exchangedRows(
  partners: ArrayLike<number>,
  count = 0,
): Record<keyof ExchangedRows, Int32Array> {
  const all = Array.from({ length: partners.length }, (_, row) => row)
  const exchanged = all.filter(row => partners[row] !== row)
  const rows = [...exchanged, ...new Array<number>(Math.max(0, count - exchanged.length)).fill(0)]
  return {
    rows: Int32Array.from(rows),
    pictures: Int32Array.from(rows, (row, i) => (i < exchanged.length ? partners[row]! : row)),
    places: Int32Array.from(all, row => {
      const place = exchanged.indexOf(row)
      return place < 0 ? row : partners.length + place
    }),
  }
}

/**
 * The states of each text beside its PARTNER's picture. The paper exchanges the finished states, which carry the
 * partner's sentence too, so that matching can be solved text to text; exchanging pictures before the interaction
 * leaves only the picture to tell, as at inference. Only exchanged rows are computed again.
 *
 * @throws InvalidArgumentError for partners in a tensor without the rows to be computed again.
 */
export function exchangePictures(
  { text, image, states, partners, again, interaction }: ExchangePicturesInputs,
  options: ApplyOptions,
): Tensor3D {
  const { rows, pictures, places } = again ?? exchangedRows(readable(partners))
  const count = rows instanceof tf.Tensor ? rows.size : rows.length
  if (count === 0) return states
  const computed = interaction.apply({ text: rowsOf(text, rows), image: rowsOf(image, pictures) }, options)
  return takeRows(tf.concat([states, computed.states], 0), places)
}

function readable(partners: Places): ArrayLike<number> {
  if (!(partners instanceof tf.Tensor)) return partners
  throw new InvalidArgumentError({
    argument: 'inputs.exchanges.again',
    rule: 'must be given where the partners are a tensor, whose values are not read',
    received: 'undefined',
    fix: 'Make it with exchangedRows.',
  })
}
