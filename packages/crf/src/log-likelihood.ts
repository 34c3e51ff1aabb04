import { assertDtype, assertShape } from '@mafjs/tensor'
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { framesOf, NEVER } from './frames'
import {
  assertCrfShapes,
  assertLabelIds,
  type CrfInputs,
  type CrfScores,
  type CrfSizes,
  lengthsOf,
} from './inputs'
import { inwardSums } from './inward-sums'
import { type LikelihoodParts, likelihoodGradients, oneHot } from './outward-marginals'

/** How carefully the inputs are looked at. */
export interface CrfCheckOptions {
  /**
   * Whether label ids and mask are read and checked. Reading waits for the backend: switch it off where tensors
   * cannot be read synchronously (a recorded step, WebGPU) and the data was checked when it was made.
   * @default true
   */
  checkValues?: boolean | undefined
}

/**
 * `log p(labels | emissions)` of every sentence under a linear-chain CRF (Lafferty et al. 2001): the score of the
 * given path minus the logarithm of the summed exponential scores of all paths, none of them excluded. With `alternatives` it is
 * the logarithm of the summed probability of all paths of labels that may be right (Tsuboi et al. 2008, eq. 3).
 *
 * It has one gradient in closed form, by the forward-backward algorithm run from both ends to the middle and from the
 * middle to both ends. Nothing has to be rounded in its favour: the result is at most 0, no emission's gradient is larger
 * than 1 by more than rounding, and padding has none at all, whatever the size of the scores.
 *
 * @returns `[batch]`; 0 for a sentence of length 0
 * @throws InvalidArgumentError for shapes that do not fit, a mask with holes, or a label id out of range.
 */
export function crfLogLikelihood(
  { alternatives, ...given }: CrfInputs & CrfScores,
  { checkValues = true }: CrfCheckOptions = {},
): Tensor1D {
  const { emissions, labels, mask, start, end, transitions } = given
  const sizes = assertCrfShapes({ emissions, mask, start, end, transitions })
  assertShape('labels', labels, ['batch', 'positions'], { ...sizes })
  assertDtype('labels', labels, 'int32')
  if (checkValues) {
    assertLabelIds(labels.dataSync(), lengthsOf(mask.dataSync(), sizes.batch, sizes.positions), sizes)
  }
  if (!alternatives) return pathLogLikelihood(given, sizes)
  assertShape('alternatives', alternatives, ['batch', 'positions', 'labels'], { ...sizes })
  return tf.tidy(() => {
    const mayBeRight = tf.add(alternatives, oneHot(labels, sizes.labels, 2))
    const among = tf.where(tf.greater(mayBeRight, 0), emissions, NEVER)
    // p(path) / p(path | labels that may be right) = p(labels that may be right), whichever of its paths it is.
    return tf.sub(pathLogLikelihood(given, sizes), pathLogLikelihood({ ...given, emissions: among }, sizes))
  })
}

/** Of one path, with one gradient in closed form. */
function pathLogLikelihood(
  { labels, mask, ...scores }: Omit<CrfInputs, 'alternatives'> & CrfScores,
  sizes: CrfSizes,
): Tensor1D {
  const likelihood = tf.customGrad((...given) => {
    const [emissions, start, end, transitions, save] = given as unknown as Given
    const frames = framesOf({ emissions, labels, mask, start, end, transitions }, sizes)
    const { logLikelihood, ways, totals, middle } = inwardSums(frames)
    save([...ways, ...totals, middle, frames.labels, frames.path, frames.rows])
    return {
      value: logLikelihood,
      gradFunc: (dy: Tensor, saved: Tensor[]) =>
        Object.values(likelihoodGradients(dy as Tensor1D, partsOf(saved, frames.steps))),
    }
  })
  const { emissions, start, end, transitions } = scores
  return likelihood(emissions, start, end, transitions) as Tensor1D
}

/** What tf.customGrad hands over: what is differentiated by, in the order of `LikelihoodGradients`, and how to keep tensors for that. */
type Given = [Tensor3D, Tensor1D, Tensor1D, Tensor2D, (tensors: Tensor[]) => void]

/** The kept tensors by their names. */
function partsOf(saved: Tensor[], steps: number): LikelihoodParts {
  const [middle, labels, path, rows] = saved.slice(2 * steps) as [Tensor2D, Tensor2D, Tensor2D, Tensor2D]
  return {
    ways: saved.slice(0, steps) as Tensor3D[],
    totals: saved.slice(steps, 2 * steps) as Tensor2D[],
    middle,
    labels,
    path,
    rows,
  }
}
