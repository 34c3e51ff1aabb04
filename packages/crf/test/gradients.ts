import { type CrfInputs, type CrfScores, crfLogLikelihood } from '@mafjs/crf'
import * as tf from '@tensorflow/tfjs-core'

/** What the likelihood is differentiated by. */
export const differentiated = ['emissions', 'start', 'end', 'transitions'] as const

/** The summed negative log likelihood's gradients, as plain numbers. */
export function gradientsOf({ labels, mask, alternatives, ...scores }: CrfInputs & CrfScores) {
  return tf.tidy(() => {
    const gradients = tf.grads((...[emissions, start, end, transitions]) =>
      tf.neg(
        tf.sum(
          crfLogLikelihood({
            ...{ labels, mask, alternatives },
            ...{ emissions, start, end, transitions },
          } as CrfInputs & CrfScores),
        ),
      ),
    )(differentiated.map(name => scores[name] as tf.Tensor))
    return {
      emissions: gradients[0]!.arraySync() as number[][][],
      start: gradients[1]!.arraySync() as number[],
      end: gradients[2]!.arraySync() as number[],
      transitions: gradients[3]!.arraySync() as number[][],
    }
  })
}
