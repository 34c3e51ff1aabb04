import type { ModelRunner } from '../engine/model-runner'
import type { BatchArrays } from '../model/batch-arrays'

/** How far fusion's gates are open: one value for every channel of every word piece of a post with a picture. */
export interface GateHistogram {
  /** Values in `[0, 1 / bins)`, `[1 / bins, 2 / bins)` ...; 1 belongs to the last. */
  counts: number[]
  values: number
  mean: number
  /** Means of the word pieces: each over its channels. */
  pieces: { count: number; lowest: number; highest: number }
}

/** A runner that counts the gates of whatever it runs. */
export interface GateCounter {
  runner: ModelRunner
  /** Null where no gate was met. */
  histogram(): GateHistogram | null
}

/** Which posts of a batch have a picture. */
function presentRows({ image }: BatchArrays): ((row: number) => boolean) | undefined {
  if (!image) return undefined
  if ('present' in image) return row => image.present.data[row] === 1
  const regions = image.mask.shape[1]!
  return row => image.mask.data.subarray(row * regions, (row + 1) * regions).some(one => one > 0)
}

/**
 * Counts the gates of real word pieces, those of posts with a picture: elsewhere there is nothing a gate could let through.
 *
 * @param runner gives gates
 */
export function countGates(runner: ModelRunner, bins = 10): GateCounter {
  const counts = new Array<number>(bins).fill(0)
  const pieces = { count: 0, lowest: 1, highest: 0 }
  let values = 0
  let sum = 0
  const add = (gate: Float32Array, batch: BatchArrays): void => {
    const isPresent = presentRows(batch)
    const { mask } = batch.text
    const [rows, positions] = mask.shape as [number, number]
    const hidden = gate.length / rows / positions
    for (let place = 0; place < rows * positions; place++) {
      if (mask.data[place] !== 1 || !isPresent?.(Math.floor(place / positions))) continue
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
    runner: {
      async infer(batch) {
        const inference = await runner.infer(batch)
        if (inference.gate) add(inference.gate.data, batch)
        return inference
      },
      dispose: runner.dispose,
    },
    histogram: () =>
      values === 0 ? null : { counts: [...counts], values, mean: sum / values, pieces: { ...pieces } },
  }
}
