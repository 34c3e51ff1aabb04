import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import type { Frames } from './frames'
import type { InwardSums } from './inward-sums'

/** What the gradients are made from. */
export type LikelihoodParts = Pick<InwardSums, 'ways' | 'totals' | 'middle'> &
  Pick<Frames, 'labels' | 'path' | 'rows'>

/** The gradients of the log likelihood. */
export interface LikelihoodGradients {
  /** `[batch, positions, labels]` */
  emissions: Tensor3D
  /** `[labels]` */
  start: Tensor1D
  /** `[labels]` */
  end: Tensor1D
  /** `[labels, labels]` */
  transitions: Tensor2D
}

/**
 * What the given labels count minus what the model expects (Lafferty et al. 2001, section 4), each sentence times its
 * `dy`, `[batch]`.
 *
 * The expectations spread from the middle of every sentence outwards, as `p(label, next inwards) = p(label | next
 * inwards) p(next inwards)`. The inward sums have left the conditional probabilities behind, each distribution of which
 * sums to 1 whatever has been rounded before: so does what is made from them, and it ends where the sentence ends.
 */
export function likelihoodGradients(
  dy: Tensor1D,
  { ways, totals, middle, labels, path, rows }: LikelihoodParts,
): LikelihoodGradients {
  const steps = ways.length
  const [states, columns] = totals[0]!.shape
  const [batch, positions] = rows.shape
  const ofMiddle = tf.mul(middle, dy)
  const ofWords: Tensor2D[] = [tf.concat([ofMiddle, ofMiddle], 1) as Tensor2D] // [states, columns], last frame first
  const ofPairs: Tensor3D[] = []
  for (let step = steps - 1; step >= 0; step--) {
    const pairs = tf.mul(ways[step]!, tf.div(ofWords.at(-1)!, totals[step]!)) as Tensor3D
    ofPairs.push(pairs)
    if (step > 0) ofWords.push(tf.sum(pairs, 1))
  }
  const byColumn = tf.transpose(tf.reshape(tf.concat(ofWords.reverse()), [steps, states, columns]), [0, 2, 1])
  const expectedWords = tf.gather(tf.reshape(byColumn, [steps * columns, states]), rows)
  const words = tf.slice(labels, [0, 1], [batch, positions])
  const ofEmissions = lessThanGiven(expectedWords, oneHot(words, states, 2), 2)

  const expectedPairs = tf.reshape(tf.concat(ofPairs.reverse()), [steps, states * states, columns])
  const [from, to] = [tf.slice(path, 0, steps), tf.slice(path, 1)]
  const pairs = tf.add(tf.mul(from, tf.scalar(states, 'int32')), to) // [steps, columns]
  const givenPairs = oneHot(pairs, states * states, 1)
  const ofSteps = tf.sum(lessThanGiven(expectedPairs, givenPairs, 1), 0)
  const ofHalves = tf.sum(tf.reshape(ofSteps, [states, states, 2, batch]), 3)
  const [forwards, backwards] = tf.unstack(ofHalves, 2) as [Tensor2D, Tensor2D]

  const count = states - 1
  // From the outside is `start`, to it is `end`, and from outside to outside is nothing.
  const stepGradients = tf.add(forwards, tf.transpose(backwards)) as Tensor2D
  return {
    emissions: tf.slice(ofEmissions, 0, [batch, positions, count]) as Tensor3D,
    start: tf.reshape(tf.slice(stepGradients, [count, 0], [1, count]), [count]),
    end: tf.reshape(tf.slice(stepGradients, [0, count], [count, 1]), [count]),
    transitions: tf.slice(stepGradients, [0, 0], [count, count]),
  }
}

/** 1 where a place along a new axis is the id, else 0; float32. Made along that axis, as not every backend can turn a cast. */
export function oneHot(ids: Tensor, size: number, axis: number): Tensor {
  const shape: number[] = ids.shape.map(() => 1)
  shape.splice(axis, 0, size)
  const places = tf.reshape(tf.range(0, size, 1, 'int32'), shape)
  return tf.cast(tf.equal(tf.expandDims(ids, axis), places), 'float32')
}

/**
 * What is given minus what is expected, where both sum up to the same over an axis: the one place that is given has what
 * is expected of all others. So nothing near 1 is ever taken from 1, and a model that is sure keeps its digits.
 */
function lessThanGiven(expected: Tensor, given: Tensor, axis: number): Tensor {
  const others = tf.mul(expected, tf.sub(1, given))
  return tf.sub(tf.mul(given, tf.sum(others, axis, true)), others)
}
