import type { EncodingArrays } from '@mafjs/encoders'
import type { Features } from './features'

/** What a frozen image encoder made of the pictures of a batch. */
export interface EncodedPictures extends EncodingArrays {
  /** `[batch]`: 1 = the post has a picture, 0 = it has none, or a broken one. */
  present: Float32Array
}

/** The mean of the summaries of a post's pictures; that of one is the summary itself. */
function meanSummary(pictures: readonly Features[], none: Features): Float32Array {
  const [first = none, ...others] = pictures
  if (others.length === 0) return first.summary
  return first.summary.map(
    (value, i) => others.reduce((sum, { summary }) => sum + summary[i]!, value) / pictures.length,
  )
}

/**
 * The features of the pictures of a batch: the regions of all pictures of a post one after another, and the mean of their
 * summaries.
 *
 * @param rows of each post its pictures
 * @param none what the encoder makes of no picture
 * @param places how many pictures there is room for, at least as many as any post has. @default that of the most, or one
 */
export function batchFeatures(
  rows: readonly (readonly Features[])[],
  none: Features,
  places = Math.max(1, ...rows.map(pictures => pictures.length)),
): EncodedPictures {
  const { channels } = none
  const batch = rows.length
  const regions = places * none.regions
  const states = new Float32Array(batch * regions * channels)
  const summary = new Float32Array(batch * channels)
  const mask = new Float32Array(batch * regions)
  for (const [row, pictures] of rows.entries()) {
    summary.set(meanSummary(pictures, none), row * channels)
    for (let place = 0; place < places; place++) {
      const features = pictures[place] ?? none
      const start = row * regions + place * none.regions
      states.set(features.states, start * channels)
      mask.set(features.mask, start)
    }
  }
  return {
    states: { data: states, shape: [batch, regions, channels] },
    summary: { data: summary, shape: [batch, channels] },
    mask: { data: mask, shape: [batch, regions] },
    present: Float32Array.from(rows, pictures => (pictures.length > 0 ? 1 : 0)),
  }
}
