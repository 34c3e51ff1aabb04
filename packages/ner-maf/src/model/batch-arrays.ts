import type { HostArray } from '@mafjs/compile'
import type { Batch, PictureBatch, Pictured, Pictures } from '@mafjs/data'
import type { EncodedPictures } from '@mafjs/data/features'
import type { EncodingArrays } from '@mafjs/encoders'
import { InvalidArgumentError } from '@mafjs/tensor'
import type { MafConfig } from './config'

/** The pictures of a batch: decoded, or encoded already. */
export type BatchPictures = PictureBatch | EncodedPictures

/** Gives the pictures of batch after batch, of which it may be told before. */
export type PictureReader = Pick<Pictures<BatchPictures>, 'load'> &
  Partial<Pictures<BatchPictures>> & {
    /** Is told of all posts before the first is loaded: each as often as it will be, once for every window. */
    expect?(posts: readonly Pictured[]): void
  }

/** One batch as the model reads it, in arrays: the names and shapes are those of `MafInputs`. */
export interface BatchArrays {
  text: { ids: HostArray<Int32Array>; mask: HostArray<Float32Array>; shapes?: HostArray<Int32Array> }
  image?: Omit<PictureBatch, 'present'> | EncodingArrays
  firstPieces?: HostArray<Float32Array>
  wordMask?: HostArray<Float32Array>
  labels?: HostArray<Int32Array>
  alternatives?: HostArray<Float32Array>
}

/** `[batch, words, positions]` with a 1 at each word's first piece; rows of padding words are zeros. */
function firstPieceRows({ batch, words, positions, firstPieces, wordMask }: Batch): Float32Array {
  const chosen = new Float32Array(batch * words * positions)
  for (let word = 0; word < batch * words; word++) {
    if (wordMask[word]) chosen[word * positions + firstPieces[word]!] = 1
  }
  return chosen
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

function refuseParts(): never {
  throw new InvalidArgumentError({
    argument: 'config.steps',
    rule: "must be 'words' for posts that were labelled in part: pieces have no labels of their own",
    received: 'pieces',
    fix: 'Train the default preset, or leave labelledTypes and unlabelledTokens out.',
  })
}

/**
 * A batch as the arrays the model reads; those of the batch itself are not copied.
 *
 * @param pictures of the same examples; a text-only model reads none.
 * @throws InvalidArgumentError for labels without those of the published scheme, or a batch without the shapes that the text
 * encoder reads.
 */
export function batchArrays(config: MafConfig, batch: Batch, pictures?: BatchPictures): BatchArrays {
  const { batch: size, positions, words } = batch
  const arrays: BatchArrays = {
    text: {
      ids: { data: batch.ids, shape: [size, positions] },
      mask: { data: batch.mask, shape: [size, positions] },
    },
  }
  if (config.textEncoder.wordShapes) {
    if (!batch.shapes) {
      throw new InvalidArgumentError({
        argument: 'batch.shapes',
        rule: 'must be there: the text encoder reads the shapes of words',
        received: 'nothing',
        fix: 'Give collate wordShape, of @mafjs/encoders.',
      })
    }
    arrays.text.shapes = { data: batch.shapes, shape: [size, positions] }
  }
  if (pictures && config.interaction) {
    const { present: _, ...image } = pictures
    arrays.image = image
  }
  if (config.steps === 'words') {
    arrays.firstPieces = { data: firstPieceRows(batch), shape: [size, words, positions] }
    arrays.wordMask = { data: batch.wordMask, shape: [size, words] }
  }
  if (batch.labelIds) {
    arrays.labels =
      config.steps === 'words'
        ? { data: batch.labelIds, shape: [size, words] }
        : { data: pieceLabels(batch, config.labels), shape: [size, positions] }
  }
  if (batch.alternatives) {
    if (config.steps !== 'words') refuseParts()
    arrays.alternatives = { data: batch.alternatives, shape: [size, words, config.labels.length] }
  }
  return arrays
}
