import type { Partners } from './swap-negatives'

/** Which rows of a batch are computed again with another picture, and where they go. */
export interface ExchangedRows {
  /** The rows; one whose picture is its own fills up the number. */
  rows: Partners
  /** Whose picture each of them is given. */
  pictures: Partners
  /** For every row of the batch its place in [the rows as they were; the rows computed again]. */
  places: Partners
}

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
