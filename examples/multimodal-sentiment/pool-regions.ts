import { InvalidArgumentError } from '@mafjs/tensor'
import type { Sequence } from './frozen-task'

/**
 * Means of the regions of a square map, fewer on each side: window i of n reaches from floor(i s / n) to ceil((i + 1) s / n), as
 * PyTorch's adaptive pooling has it.
 *
 * @param side regions on each side of the result
 * @throws InvalidArgumentError for regions that are no square map.
 */
export function poolRegions({ data, positions, size }: Sequence, side: number): Sequence {
  const given = Math.sqrt(positions)
  if (!Number.isInteger(given)) {
    throw new InvalidArgumentError({
      argument: 'regions',
      rule: 'must be those of a square map',
      received: `${positions} regions`,
    })
  }
  const pooled = new Float32Array(side * side * size)
  const windows = Array.from({ length: side }, (_, i) => {
    const [start, end] = [Math.floor((i * given) / side), Math.ceil(((i + 1) * given) / side)]
    return Array.from({ length: end - start }, (_, place) => start + place)
  })
  for (const [i, rows] of windows.entries()) {
    for (const [j, columns] of windows.entries()) {
      const weight = 1 / (rows.length * columns.length)
      for (const row of rows) {
        for (const column of columns) {
          const from = (row * given + column) * size
          const to = (i * side + j) * size
          for (let channel = 0; channel < size; channel++) {
            pooled[to + channel]! += weight * data[from + channel]!
          }
        }
      }
    }
  }
  return { data: pooled, positions: side * side, size }
}
