import type { Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import type { Frames } from './frames'
import type { InwardSums } from './inward-sums'

/** What the gradients are made from. */
export type LikelihoodParts = Pick<InwardSums, 'ways' | 'totals' | 'middle'> & Pick<Frames, 'labels' | 'rows'>

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
  { ways, totals, middle, labels, rows }: LikelihoodParts,
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
  const ofSentences = tf.reshape(tf.addN(ofPairs), [states, states, 2, batch])
  const [forwards, backwards] = tf.unstack(ofSentences, 2) as [Tensor3D, Tensor3D]

  const given = tf.cast(tf.oneHot(labels, states), 'float32') as Tensor3D // [batch, positions + 2, states]
  const weighted = tf.mul(given, tf.reshape(dy, [batch, 1, 1])) as Tensor3D
  const side = (x: Tensor3D, begin: 0 | 1): Tensor3D =>
    tf.slice(x, [0, begin, 0], [batch, positions + 1, states])
  const counted = tf.transpose(tf.matMul(side(given, 0), side(weighted, 1), true), [1, 2, 0])

  const count = states - 1
  // From the outside is `start`, to it is `end`, and from outside to outside is nothing. Each sentence for itself: once
  // summed over the batch, a trained model's counts and expectations would have few digits left that differ.
  const expected = tf.add(forwards, tf.transpose(backwards, [1, 0, 2]))
  const stepGradients = tf.sum(tf.sub(counted, expected), 2) as Tensor2D
  return {
    emissions: tf.sub(
      tf.slice(weighted, [0, 1, 0], [batch, positions, count]),
      tf.slice(expectedWords, [0, 0, 0], [batch, positions, count]),
    ),
    start: tf.reshape(tf.slice(stepGradients, [count, 0], [1, count]), [count]),
    end: tf.reshape(tf.slice(stepGradients, [0, count], [count, 1]), [count]),
    transitions: tf.slice(stepGradients, [0, 0], [count, count]),
  }
}
