import { InvalidArgumentError } from '@mafjs/tensor'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { WORD_SHAPES } from './word-shapes'

/** What a text encoder reads. */
export interface TextInputs {
  /** `[batch, positions]`, int32: token ids. */
  ids: Tensor2D
  /** `[batch, positions]`, float32: 1 = token, 0 = padding. */
  mask: Tensor2D
  /** `[batch, positions]`, int32: of each piece the shape of its word, `wordShape`; only for an encoder with `wordShapes`. */
  shapes?: Tensor2D | undefined
}

/** How rows of ids become one batch. */
export interface TokenBatchOptions {
  /** The number of rows of the embedding table; every id must lie below it. */
  vocabSize: number
  /** The id that fills a row after its end. @default 0 */
  padId?: number | undefined
  /** Of each id the shape of its word, as `wordShape` gives it; rows as long as those of the ids. @default none are given */
  shapes?: readonly (readonly number[])[] | undefined
  /** Positions of every row. @default the longest row's length, at least 1 */
  positions?: number | undefined
}

/**
 * Rows of token ids as the padded tensors that a text encoder reads. This is the place where ids are checked: they
 * are still numbers here, whereas a check on the tensor would have to wait for the device.
 *
 * @throws InvalidArgumentError for an id outside the vocabulary, a row longer than `positions`, or shapes that do not fit.
 */
export function createTokenBatch(
  rows: readonly (readonly number[])[],
  {
    vocabSize,
    padId = 0,
    shapes,
    positions = Math.max(1, ...rows.map(row => row.length)),
  }: TokenBatchOptions,
): TextInputs {
  const ids = new Int32Array(rows.length * positions).fill(padId)
  const mask = new Float32Array(rows.length * positions)
  for (const [i, row] of rows.entries()) {
    if (row.length > positions) {
      throw new InvalidArgumentError({
        argument: `rows[${i}]`,
        rule: `must have at most ${positions} ids`,
        received: `${row.length} ids`,
        fix: 'Give the tokenizer the same maxLength.',
      })
    }
    for (const [j, id] of row.entries()) {
      if (!(Number.isInteger(id) && id >= 0 && id < vocabSize)) {
        throw new InvalidArgumentError({
          argument: `rows[${i}][${j}]`,
          rule: `must be a token id from 0 to ${vocabSize - 1}`,
          received: id,
          fix: 'The tokenizer and the encoder must come from the same checkpoint.',
        })
      }
      ids[i * positions + j] = id
    }
    mask.fill(1, i * positions, i * positions + row.length)
  }
  const shape: [number, number] = [rows.length, positions]
  return {
    ids: tf.tensor2d(ids, shape, 'int32'),
    mask: tf.tensor2d(mask, shape),
    ...(shapes && { shapes: tf.tensor2d(padShapes(shapes, rows, positions), shape, 'int32') }),
  }
}

function padShapes(
  shapes: readonly (readonly number[])[],
  rows: readonly (readonly number[])[],
  positions: number,
): Int32Array {
  const lengths = (of: readonly (readonly number[])[]) => of.map(row => row.length).join(', ')
  const most = WORD_SHAPES.length - 1
  const known = (shape: number) => Number.isInteger(shape) && shape >= 0 && shape <= most
  const unknown = shapes.flat().find(shape => !known(shape))
  if (lengths(shapes) !== lengths(rows) || unknown !== undefined) {
    throw new InvalidArgumentError({
      argument: 'shapes',
      rule: `must have a number from 0 to ${most} for each id: rows of ${lengths(rows)}`,
      received: unknown ?? `rows of ${lengths(shapes)}`,
      fix: 'Give each piece the wordShape of its word, and 0 to special tokens.',
    })
  }
  const padded = new Int32Array(rows.length * positions)
  for (const [i, row] of shapes.entries()) padded.set(row, i * positions)
  return padded
}
