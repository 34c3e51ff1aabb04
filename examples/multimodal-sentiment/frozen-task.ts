import type { Encoding } from '@mafjs/tensor'
import type { EncodedPosts, Task } from './task'

/** What a frozen encoder made of one text or picture. */
export interface Sequence {
  /** `[positions, size]`, row-major. */
  data: Float32Array
  positions: number
  size: number
}

/** Posts that were encoded before. */
export interface FrozenPosts {
  texts: readonly Sequence[]
  pictures: readonly Sequence[]
  classes: readonly string[]
  labels: readonly number[]
  groups: readonly number[]
}

/** Posts whose encoders are frozen: what these made of them is what a step reads. */
export function frozenTask({ texts, pictures, classes, labels, groups }: FrozenPosts): Task<EncodedPosts> {
  const [tokens, regions] = [scaled(texts), scaled(pictures)]
  const longest = Math.max(...texts.map(({ positions }) => positions))
  const { positions: places, size: imageSize } = pictures[0]!
  const textSize = texts[0]!.size
  // Without a text there is one token, the same for every post; without a picture a mask of zeros.
  const sameText = { data: new Float32Array(textSize).fill(1), positions: 1, size: textSize }
  const noPicture = { data: new Float32Array(0), positions: 0, size: imageSize }
  return {
    classes,
    labels,
    groups,
    createEncoders: () => ({
      textSize,
      imageSize,
      encode: batch => batch,
      parameters: () => ({}),
      dispose() {},
    }),
    batch: (posts, sides) => ({
      text: padded(posts.map(post => (sides === 'picture' ? sameText : tokens[post]!)), longest), // biome-ignore format: beside the next
      image: padded(posts.map(post => (sides === 'text' ? noPicture : regions[post]!)), places), // biome-ignore format: beside the last
    }),
  }
}

/** Sequences with a mean square of 1 over all their numbers, so that one learning rate does for any encoder. */
function scaled(sequences: readonly Sequence[]): Sequence[] {
  let [squares, count] = [0, 0]
  for (const { data } of sequences) {
    for (let i = 0; i < data.length; i++) squares += data[i]! * data[i]!
    count += data.length
  }
  const scale = 1 / Math.sqrt(squares / count || 1)
  return sequences.map(({ data, ...shape }) => ({ data: data.map(value => scale * value), ...shape }))
}

/** Sequences as one encoding; its summaries, which the model does not read, are zeros. */
function padded(
  sequences: readonly Sequence[],
  positions: number,
): { [part in keyof Encoding]: { data: Float32Array; shape: number[] } } {
  const size = sequences[0]!.size
  const batch = sequences.length
  const states = new Float32Array(batch * positions * size)
  const mask = new Float32Array(batch * positions)
  for (const [i, { data, positions: real }] of sequences.entries()) {
    states.set(data, i * positions * size)
    mask.fill(1, i * positions, i * positions + real)
  }
  return {
    states: { data: states, shape: [batch, positions, size] },
    summary: { data: new Float32Array(batch * size), shape: [batch, size] },
    mask: { data: mask, shape: [batch, positions] },
  }
}
