import { type ExchangedRows, exchangedRows, type Partners } from '@mafjs/match'
import { type ApplyOptions, type Encoding, InvalidArgumentError, takeRows } from '@mafjs/tensor'
import type { Tensor3D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import type { InteractionModule } from './own-parts'

/** What the exchange of pictures reads. */
export interface ExchangePicturesInputs {
  text: Encoding
  image: Encoding
  /** `[batch, tokens, hidden]`, every text with its own picture. */
  states: Tensor3D
  /** Whose picture each text is given; its own index where nothing is exchanged. */
  partners: Partners
  /** Needed where `partners` is a tensor. @default what the partners say */
  again?: ExchangedRows | undefined
  interaction: Pick<InteractionModule, 'apply'>
}

const rowsOf = (encoding: Encoding, rows: Partners): Encoding => ({
  states: takeRows(encoding.states, rows),
  summary: takeRows(encoding.summary, rows),
  mask: takeRows(encoding.mask, rows),
})

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

function readable(partners: Partners): ArrayLike<number> {
  if (!(partners instanceof tf.Tensor)) return partners
  throw new InvalidArgumentError({
    argument: 'inputs.exchanges.again',
    rule: 'must be given where the partners are a tensor, whose values are not read',
    received: 'undefined',
    fix: 'Make it with exchangedRows.',
  })
}
