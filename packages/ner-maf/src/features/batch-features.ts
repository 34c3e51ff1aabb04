import type { EncodedPictures } from '../model/batch-arrays'
import type { Features } from './features'

/**
 * The features of the pictures of a batch.
 *
 * @param rows of each post its picture; none where it has none
 * @param none what the encoder makes of no picture
 */
export function batchFeatures(rows: readonly (Features | undefined)[], none: Features): EncodedPictures {
  const { regions, channels } = none
  const batch = rows.length
  const states = new Float32Array(batch * regions * channels)
  const summary = new Float32Array(batch * channels)
  const mask = new Float32Array(batch * regions)
  for (const [row, features = none] of rows.entries()) {
    states.set(features.states, row * regions * channels)
    summary.set(features.summary, row * channels)
    mask.set(features.mask, row * regions)
  }
  return {
    states: { data: states, shape: [batch, regions, channels] },
    summary: { data: summary, shape: [batch, channels] },
    mask: { data: mask, shape: [batch, regions] },
    present: Float32Array.from(rows, features => (features ? 1 : 0)),
  }
}
