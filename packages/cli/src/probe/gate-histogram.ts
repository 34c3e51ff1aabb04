import type { HostArray } from '@mafjs/compile'
import { type BatchArrays, presentRows } from '@mafjs/ner-maf'

/** How far fusion's gates are open: one value for every channel of every word piece of a post with a picture. */
export interface GateHistogram {
  /** Values in `[0, 1 / bins)`, `[1 / bins, 2 / bins)` ...; 1 belongs to the last. */
  counts: number[]
  values: number
  mean: number
  /** Means of the word pieces: each over its channels. */
  pieces: { count: number; lowest: number; highest: number }
}

/** Counts the gates of batches. */
export interface GateCounter {
  /** Counts those among a batch's outputs. */
  onBatch(outputs: Record<string, HostArray>, batch: BatchArrays): void
  /** Null where no gate was met. */
  histogram(): GateHistogram | null
}

/** Counts the gates of real word pieces, those of posts with a picture: elsewhere there is nothing a gate could let through. */
export function countGates(bins = 10): GateCounter {
  const counts = new Array<number>(bins).fill(0)
  const pieces = { count: 0, lowest: 1, highest: 0 }
  let values = 0
  let sum = 0
  const add = (gate: Float32Array, batch: BatchArrays): void => {
    const { mask } = batch.text
    const [rows, positions] = mask.shape as [number, number]
    const present = presentRows(batch.image, rows)
    const hidden = gate.length / rows / positions
    for (let place = 0; place < rows * positions; place++) {
      if (mask.data[place] !== 1 || !present[Math.floor(place / positions)]) continue
      let total = 0
      for (const value of gate.subarray(place * hidden, (place + 1) * hidden)) {
        const bin = Math.min(bins - 1, Math.floor(value * bins))
        counts[bin] = counts[bin]! + 1
        total += value
      }
      values += hidden
      sum += total
      pieces.count++
      pieces.lowest = Math.min(pieces.lowest, total / hidden)
      pieces.highest = Math.max(pieces.highest, total / hidden)
    }
  }
  return {
    onBatch({ gate }, batch) {
      if (gate) add(gate.data as Float32Array, batch)
    },
    histogram: () =>
      values === 0 ? null : { counts: [...counts], values, mean: sum / values, pieces: { ...pieces } },
  }
}
