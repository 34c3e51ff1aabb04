import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import type { CrfInputs, CrfScores, CrfSizes } from './inputs'

/**
 * A batch laid out for sweeps from both ends of its sentences to their middles at once.
 *
 * Column `c` of `columns = 2 * batch` is the first half of sentence `c`, read forwards, or the second half of sentence
 * `c - batch`, read backwards. Both halves hold the middle word, in the last frame; a shorter one starts in a later
 * frame. What lies outside a sentence has a label of its own, the last of `states = labels + 1`, which no word can have,
 * and from which `start` and `end` are transitions like all others. So no step needs a mask.
 */
export interface Frames {
  /** How many frames follow frame 0, which is outside every sentence. */
  steps: number
  /** `[states, columns]`: the scores of frame 0. */
  outside: Tensor2D
  /** Steps x `[states, columns]`: the scores of the frames after it. */
  emissions: Tensor2D[]
  /** `[states, states, columns]`: the scores of a step from the first axis to the second. */
  transitions: Tensor3D
  /** `[steps + 1, columns]`, int32: the given labels. */
  path: Tensor2D
  /** `[batch, positions + 2]`, int32: the given labels of every sentence and what is around it. */
  labels: Tensor2D
  /** `[batch, positions]`, int32: where a word is among the rows of the frames after frame 0, `[steps * columns]`. */
  rows: Tensor2D
}

/** Lays out a batch; what stands in padding is not read. */
export function framesOf(
  { emissions, labels, mask, start, end, transitions }: Omit<CrfInputs, 'alternatives'> & CrfScores,
  { batch, positions, labels: count }: CrfSizes,
): Frames {
  // A place outside on either side stands for all that are.
  const width = positions + 2
  const states = count + 1
  const steps = Math.floor(positions / 2) + 1
  const outside = outsideScores(states)
  const isWord = tf.greater(tf.pad(mask, AROUND), 0) // [batch, width]
  const scores = tf.where(
    tf.expandDims(isWord, 2),
    tf.pad(centred(emissions), [...AROUND, [0, 1]], NEVER),
    tf.reshape(outside, [1, 1, states]),
  )
  const path = tf.where(isWord, tf.pad(labels, AROUND), tf.fill([batch, width], count, 'int32')) as Tensor2D

  const middle = tf.cast(tf.floor(tf.div(tf.sum(mask, 1), 2)), 'int32') as Tensor1D // [batch]
  const places = placesOf(middle, steps, width)
  const framed = tf.gather(tf.reshape(scores, [batch * width, states]), tf.slice(places, 1))
  const byColumn = tf.transpose(framed, [0, 3, 1, 2]) // [steps, states, 2, batch]
  return {
    steps,
    outside: tf.tile(tf.reshape(outside, [states, 1]), [1, 2 * batch]) as Tensor2D,
    emissions: tf.split(tf.reshape(byColumn, [steps * states, 2 * batch]), steps) as Tensor2D[],
    transitions: stepScores({ start, end, transitions }, outside, batch),
    path: tf.reshape(tf.gather(tf.reshape(path, [batch * width]), places), [
      steps + 1,
      2 * batch,
    ]) as Tensor2D,
    labels: path,
    rows: rowsOf(middle, steps, positions),
  }
}

/**
 * The score of what cannot be. Next to any other sum of scores its exponential is 0 exactly, and thousands of it are
 * still far from the end of float32, so nothing becomes infinite or NaN.
 */
export const NEVER = -1e30

/** One column before and one after. */
const AROUND: [number, number][] = [
  [0, 0],
  [1, 1],
]

/** `[states]`: outside a sentence there is the outside only. */
const outsideScores = (states: number): Tensor1D =>
  tf.tensor1d(Float32Array.from({ length: states }, (_, state) => (state === states - 1 ? 0 : NEVER)))

/**
 * Emissions minus the largest of their position. The same number leaves the path and every path, so the likelihood
 * and its gradient stay what they are, but the running scores no longer grow with the emissions, and float32 keeps its
 * digits for the differences.
 */
const centred = (emissions: Tensor3D): Tensor3D => tf.sub(emissions, tf.max(emissions, 2, true))

/** `[states, states, columns]`; a step between words loses the largest transition, for the reason of `centred`. */
function stepScores({ start, end, transitions }: CrfScores, outside: Tensor1D, batch: number): Tensor3D {
  const states = outside.shape[0]
  const between = tf.sub(transitions, tf.max(transitions)) as Tensor2D
  const sweep = (inner: Tensor2D, first: Tensor1D): Tensor => {
    const rows = tf.concat([inner, tf.expandDims(first, 0)], 0)
    return tf.concat([rows, tf.reshape(outside, [states, 1])], 1)
  }
  const both = tf.stack([sweep(between, start), sweep(tf.transpose(between), end)], 2)
  return tf.reshape(tf.tile(tf.expandDims(both, 3), [1, 1, 1, batch]), [states, states, 2 * batch])
}

const int = (value: number): Tensor => tf.scalar(value, 'int32')

/** `[steps + 1, 2, batch]`: which of `[batch * width]` stands in a frame. */
function placesOf(middle: Tensor1D, steps: number, width: number): Tensor3D {
  const away = tf.reshape(tf.range(steps, -1, -1, 'int32'), [steps + 1, 1, 1])
  const fromMiddle = tf.mul(away, tf.tensor3d([-1, 1], [1, 2, 1], 'int32'))
  const inSentence = tf.add(tf.add(fromMiddle, middle), int(1))
  const begins = tf.mul(tf.range(0, middle.shape[0], 1, 'int32'), int(width))
  return tf.add(tf.minimum(tf.maximum(inSentence, int(0)), int(width - 1)), begins)
}

/** `[batch, positions]`: the inverse, the middle word being the first half's; padding is led to what is outside. */
function rowsOf(middle: Tensor1D, steps: number, positions: number): Tensor2D {
  const [batch] = middle.shape
  const fromMiddle = tf.sub(tf.range(0, positions, 1, 'int32'), tf.expandDims(middle, 1))
  const frame = tf.maximum(tf.sub(int(steps - 1), tf.abs(fromMiddle)), int(0))
  const isSecond = tf.cast(tf.greater(fromMiddle, int(0)), 'int32')
  const blocks = tf.add(tf.mul(frame, int(2)), isSecond)
  return tf.add(tf.mul(blocks, int(batch)), tf.reshape(tf.range(0, batch, 1, 'int32'), [batch, 1]))
}
