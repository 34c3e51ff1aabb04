import { InvalidArgumentError, maskFromLengths } from '@mafjs/tensor'
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
  const id = (name: string): number => {
    const found = labels.indexOf(name)
    if (found >= 0) return found
    throw new InvalidArgumentError({
      argument: 'config.labels',
      rule: "must hold X, [CLS] and [SEP] where steps is 'pieces'",
      received: labels.join(', '),
    })
  }
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

/** `[side, side, 3]` of the pictures of a batch. */
function squareShape(numbers: number, batch: number): [number, number, 3] {
  const side = Math.sqrt(numbers / batch / 3)
  if (Number.isInteger(side) && side > 0) return [side, side, 3]
  throw new InvalidArgumentError({
    argument: 'pictures.pixels',
    rule: `must hold ${batch} square pictures of 3 channels`,
    received: `${numbers} numbers`,
    fix: 'Load all pictures of a batch in one size, and zeros where there is none.',
  })
}

/**
 * A batch as the tensors the model reads. The caller disposes them.
 *
 * @param pictures of the same examples; a text-only model reads none.
 * @throws InvalidArgumentError for pictures that are not square, or labels without those of the published scheme.
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
  if (pictures && config.interaction) {
    inputs.image = {
      pixels: tf.tensor4d(pictures.pixels, [size, ...squareShape(pictures.pixels.length, size)]),
      present: tf.tensor1d(pictures.present, 'float32'),
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
