import { type PaddedRows, type PadRowsOptions, padRows } from './pad-rows'

/** Vectors of rows as one modality, for `collate`. */
export interface PaddedEncoding {
  /** `[rows, positions, size]` */
  states: PaddedRows['values']
  /** `[rows, size]`: the mean of a row's vectors; zeros where it has none. */
  summary: PaddedRows['values']
  /** `[rows, positions]`: 1 where a row has a vector, 0 behind its end. */
  mask: PaddedRows['mask']
}

/**
 * Vectors that some encoder made as one modality, `Encoding` of `@mafjs/tensor`: padded, with their mean as the summary. An
 * empty row is one without this modality.
 *
 * @throws InvalidArgumentError for a row longer than `positions`, or one that ends within a vector.
 */
export function padEncoding(
  rows: readonly ArrayLike<number>[],
  { size, positions }: Required<Pick<PadRowsOptions, 'size'>> & Pick<PadRowsOptions, 'positions'>,
): PaddedEncoding {
  const { values: states, mask } = padRows(rows, { size, positions })
  const means = new Float32Array(rows.length * size!)
  for (const [row, vectors] of rows.entries())
    for (let i = 0; i < vectors.length; i++)
      means[row * size! + (i % size!)]! += vectors[i]! / (vectors.length / size!)
  return { states, summary: { data: means, shape: [rows.length, size!] }, mask }
}
