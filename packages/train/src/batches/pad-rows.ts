import { InvalidArgumentError } from '@mafjs/tensor/errors'

/** Rows of one length. */
export interface PaddedRows {
  /** `[rows, positions]`, or `[rows, positions, size]` */
  values: { data: Float32Array | Int32Array; shape: number[] }
  /** `[rows, positions]`: 1 where a row has something, 0 behind its end. */
  mask: { data: Float32Array; shape: number[] }
}

/** What `padRows` may be told. */
export interface PadRowsOptions {
  /** Positions of every row; the same for all batches makes one program of them. @default those of the longest row, at least 1 */
  positions?: number | undefined
  /** Numbers at a position, row-major. @default one, without an axis of its own */
  size?: number | undefined
  /** Of the values; ids are int32. @default 'float32' */
  dtype?: 'float32' | 'int32' | undefined
}

/**
 * Rows of any lengths as one array, zeros behind the end of each, with a mask that says where it ends.
 *
 * @throws InvalidArgumentError for a row longer than `positions`, or one that ends within a position.
 */
export function padRows(
  rows: readonly ArrayLike<number>[],
  {
    size,
    dtype,
    positions = Math.max(1, ...rows.map(({ length }) => Math.ceil(length / (size ?? 1)))),
  }: PadRowsOptions = {},
): PaddedRows {
  const width = size ?? 1
  const data = new (dtype === 'int32' ? Int32Array : Float32Array)(rows.length * positions * width)
  const mask = new Float32Array(rows.length * positions)
  for (const [i, row] of rows.entries()) {
    const filled = row.length / width
    if (!Number.isInteger(filled) || filled > positions) {
      const rule = `must be whole positions, at most ${positions} positions of ${width} numbers`
      throw new InvalidArgumentError({ argument: `rows[${i}]`, rule, received: `${row.length} numbers` })
    }
    data.set(row, i * positions * width)
    mask.fill(1, i * positions, i * positions + filled)
  }
  const shape = [rows.length, positions]
  return {
    values: { data, shape: size === undefined ? shape : [...shape, size] },
    mask: { data: mask, shape },
  }
}
