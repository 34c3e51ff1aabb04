import type { Batch } from './batches'

/** The lengths of a batch. */
export interface BatchShape {
  /** Word pieces of every row. */
  positions: number
  /** Words of every row. */
  words: number
}

/** Rows of one length as rows of a greater one. */
function widen<Row extends Float32Array | Int32Array>(rows: Row, from: number, to: number, padding = 0): Row {
  const batch = rows.length / from
  const Type = rows.constructor as new (length: number) => Row
  const widened = new Type(batch * to).fill(padding) as Row
  for (let row = 0; row < batch; row++) widened.set(rows.subarray(row * from, (row + 1) * from), row * to)
  return widened
}

/**
 * A batch with more padding; nothing that is computed of it changes but by rounding.
 *
 * @param shape lengths at least as great as the batch's own. @default its own
 * @param pad the id of the padding
 */
export function padBatch(batch: Batch, shape: Partial<BatchShape>, pad = 0): Batch {
  const { positions, words, ids, mask, shapes, firstPieces, wordMask, labelIds, alternatives } = batch
  const wide = { positions, words, ...shape }
  const labels = (alternatives?.length ?? 0) / (batch.batch * words)
  return {
    ...batch,
    ...wide,
    ids: widen(ids, positions, wide.positions, pad),
    mask: widen(mask, positions, wide.positions),
    ...(shapes && { shapes: widen(shapes, positions, wide.positions) }),
    firstPieces: widen(firstPieces, words, wide.words),
    wordMask: widen(wordMask, words, wide.words),
    ...(labelIds && { labelIds: widen(labelIds, words, wide.words) }),
    ...(alternatives && { alternatives: widen(alternatives, words * labels, wide.words * labels) }),
  }
}
