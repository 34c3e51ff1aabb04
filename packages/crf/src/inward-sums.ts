import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import type { Frames } from './frames'

/** What the sweeps from both ends of every sentence to its middle have summed up. */
export interface InwardSums {
  /** `[batch]`: the log likelihood of the given labels. */
  logLikelihood: Tensor1D
  /**
   * Steps x `[states, states, columns]`: what the paths to the second state by way of the first add to its sum; the
   * largest of them is 1.
   */
  ways: Tensor3D[]
  /** Steps x `[states, columns]`: that sum. */
  totals: Tensor2D[]
  /** `[states, batch]`: the probability of every label of the middle word. */
  middle: Tensor2D
}

/**
 * The forward recursion (Rabiner 1989, eq. 20) in logarithms, from both ends of a sentence at once.
 *
 * The log likelihood is `log p(label)` of the middle word, and `log p(label | label of the next word inwards)` of every
 * other. Each is a term of a sum minus that sum, so none comes out above 0 however large the scores are, and the
 * scores of whole sentences, which have no digits left for a difference, are never compared.
 */
export function inwardSums({ steps, outside, emissions, transitions, path }: Frames): InwardSums {
  const [states, columns] = outside.shape
  const batch = columns / 2
  const scores = [outside] // by frame and state: the logarithm of the summed paths to it
  const largest: Tensor2D[] = []
  const ways: Tensor3D[] = []
  const totals: Tensor2D[] = []
  for (let step = 0; step < steps; step++) {
    const terms = tf.add(tf.reshape(scores[step]!, [states, 1, columns]), transitions) as Tensor3D
    largest.push(tf.max(terms, 0))
    ways.push(tf.exp(tf.sub(terms, largest[step]!) as Tensor3D))
    totals.push(tf.sum(ways[step]!, 0))
    // One kernel for two sums: a compiled program pays for kernels.
    scores.push(tf.addN([largest[step]!, tf.log(totals[step]!), emissions[step]!]))
  }

  const from = tf.slice(path, 0, steps)
  const to = tf.slice(path, 1)
  const terms = tf.add(pick(tf.concat(scores.slice(0, -1)), from), pickStep(transitions, from, to))
  const conditional = logShare(terms, pick(tf.concat(largest), to), pick(tf.concat(totals), to))

  // The emission of the middle word is in the first half's scores; the second half's must come without it.
  const second = (x: Tensor2D): Tensor2D => tf.slice(x, [0, batch], [states, batch])
  const after = tf.add(second(largest[steps - 1]!), tf.log(second(totals[steps - 1]!)))
  const through = tf.add(tf.slice(scores[steps]!, 0, [states, batch]), after) as Tensor2D
  const best = tf.max(through, 0, true)
  const shares = tf.exp(tf.sub(through, best))
  const total = tf.sum(shares, 0, true)
  const ofMiddle = logShare(pick(through, tf.slice(path, [steps, 0], [1, batch])), best, total)
  return {
    logLikelihood: tf.sum(tf.concat([tf.reshape(conditional, [2 * steps, batch]), ofMiddle]), 0),
    ways,
    totals,
    middle: tf.div(shares, total),
  }
}

/** `log(exp(term - largest) / total)`: both differences are of like size, and neither is above 0. */
const logShare = (term: Tensor, largest: Tensor, total: Tensor): Tensor2D =>
  tf.sub(tf.sub(term, largest), tf.log(total))

/** The numbers of `[frames * states, columns]` at one state of every frame and column, `[frames, columns]`. */
function pick(x: Tensor2D, state: Tensor2D): Tensor2D {
  const [frames, columns] = state.shape
  const begins = tf.mul(tf.range(0, frames, 1, 'int32'), tf.scalar(x.shape[0] / frames, 'int32'))
  return pickRows(x, tf.add(state, tf.reshape(begins, [frames, 1])), columns)
}

/** The scores of the path's own steps, `[steps, columns]`. */
function pickStep(transitions: Tensor3D, from: Tensor2D, to: Tensor2D): Tensor2D {
  const [states, , columns] = transitions.shape
  return pickRows(transitions, tf.add(tf.mul(from, tf.scalar(states, 'int32')), to), columns)
}

/** One number of every column. */
function pickRows(x: Tensor2D | Tensor3D, row: Tensor2D, columns: number): Tensor2D {
  const places = tf.add(tf.mul(row, tf.scalar(columns, 'int32')), tf.range(0, columns, 1, 'int32'))
  return tf.gather<Tensor>(tf.reshape(x, [x.size]), places) as Tensor2D
}
