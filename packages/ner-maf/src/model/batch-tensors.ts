import { maskFromLengths } from '@mafjs/tensor'
import type { Tensor3D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import type { Batch, PictureBatch } from '../data'
import type { MafConfig } from './config'
import type { MafInputs } from './maf'

/** `[batch, words, positions]` with a 1 at each word's first piece; rows of padding words are zeros. */
function firstPieceTensor({ batch, words, positions, firstPieces, wordMask }: Batch): Tensor3D {
  const chosen = new Float32Array(batch * words * positions)
  for (let word = 0; word < batch * words; word++) {
    if (wordMask[word]) chosen[word * positions + firstPieces[word]!] = 1
  }
  return tf.tensor3d(chosen, [batch, words, positions])
}

/**
 * Label ids of every word piece under the published scheme: `[CLS]`, the word's label at its first piece, `X` at the
 * pieces that continue it, `[SEP]`, and 0 for padding.
 */
function pieceLabels(batch: Batch, labels: readonly string[]): Int32Array {
  const { positions, words, firstPieces, wordMask, labelIds, mask } = batch
  const id = (name: string): number => labels.indexOf(name)
  const ids = new Int32Array(batch.batch * positions)
  for (let row = 0; row < batch.batch; row++) {
    const length = mask.subarray(row * positions, (row + 1) * positions).reduce((sum, one) => sum + one, 0)
    ids.fill(id('X'), row * positions, row * positions + length)
    ids[row * positions] = id('[CLS]')
    ids[row * positions + length - 1] = id('[SEP]')
    for (let word = 0; word < words; word++) {
      const place = row * words + word
      if (wordMask[place]) ids[row * positions + firstPieces[place]!] = labelIds![place]!
    }
  }
  return ids
}

/**
 * A batch as the tensors the model reads. The caller disposes them.
 *
 * @param pictures of the same examples; left out for a text-only model.
 */
export function batchTensors(config: MafConfig, batch: Batch, pictures?: PictureBatch): MafInputs {
  const { batch: size, positions, words } = batch
  const overWords = config.steps === 'words'
  const inputs: MafInputs = {
    text: {
      ids: tf.tensor2d(batch.ids, [size, positions], 'int32'),
      mask: tf.tensor2d(batch.mask, [size, positions]),
    },
  }
  if (pictures) {
    const side = Math.sqrt(pictures.pixels.length / size / 3)
    inputs.image = {
      pixels: tf.tensor4d(pictures.pixels, [size, side, side, 3]),
      present: tf.tensor1d(pictures.present),
    }
  }
  if (overWords) {
    inputs.firstPieces = firstPieceTensor(batch)
    inputs.wordMask = maskFromLengths(batch.keptWords, words)
  }
  if (batch.labelIds) {
    inputs.labels = overWords
      ? tf.tensor2d(batch.labelIds, [size, words], 'int32')
      : tf.tensor2d(pieceLabels(batch, config.labels), [size, positions], 'int32')
  }
  return inputs
}
