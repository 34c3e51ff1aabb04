import {
  assertDtype,
  assertShape,
  InvalidArgumentError,
  logSumExp,
  product,
  withoutPadding,
} from '@mafjs/tensor'
import type { Scalar, Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { assertCrfShapes, assertLabelIds, type CrfInputs, type CrfScores, lengthsOf } from './inputs'

/** How carefully the inputs are looked at. */
export interface CrfCheckOptions {
  /**
   * Whether label ids and mask are read and checked. Reading waits for the backend: switch it off where tensors
   * cannot be read synchronously (a recorded step, WebGPU) and the data was checked when it was made.
   * @default true
   */
  checkValues?: boolean
}

/**
 * `log p(labels | emissions)` of every sentence under a linear-chain CRF (Lafferty et al. 2001): the score of the
 * given path minus the logarithm of the summed exponential scores of all paths, none of them excluded.
 *
 * Both sums add in the same order, `(score + transition) + emission`, and rounding is monotonic: the path can never
 * come out above the sum it is part of, so the result is at most 0 up to the rounding of one logarithm, whatever
 * the size of the emissions.
 *
 * @returns `[batch]`; 0 for a sentence of length 0
 * @throws InvalidArgumentError for shapes that do not fit, a mask with holes, or a label id out of range.
 */
export function crfLogLikelihood(
  { emissions, labels, mask, start, end, transitions }: CrfInputs & CrfScores,
  { checkValues = true }: CrfCheckOptions = {},
): Tensor1D {
  const sizes = assertCrfShapes({ emissions, mask, start, end, transitions })
  assertShape('labels', labels, ['batch', 'positions'], { ...sizes })
  assertDtype('labels', labels, 'int32')
  if (checkValues) {
    assertLabelIds(labels.dataSync(), lengthsOf(mask.dataSync(), sizes.batch, sizes.positions), sizes)
  }
  return tf.tidy(() => {
    const scores = centred(withoutPadding(emissions, mask))
    const chosen = oneHot(labels, mask, sizes.labels)
    const steps = byPosition<Tensor2D>(scores) // positions x [batch, labels]
    const masks = tf.split(mask, sizes.positions, 1) as Tensor2D[] // positions x [batch, 1]
    const pathEmissions = byPosition<Tensor1D>(tf.sum(tf.mul(scores, chosen), 2))
    const pathTransitions = transitionsOf(chosen, mask, transitions)

    let all: Tensor2D = tf.add(start, steps[0]!) // [batch, labels]: every path so far, by its last label
    let path: Tensor1D = tf.add(tf.add(firstOf(start, chosen), pathTransitions[0]!), pathEmissions[0]!) // [batch]
    for (let t = 1; t < sizes.positions; t++) {
      const sums = logSumExp(tf.add(tf.expandDims(all, 2), transitions), 1) as Tensor2D
      const next = tf.add(sums, steps[t]!)
      all = tf.add(tf.mul(next, masks[t]!), tf.mul(all, tf.sub(1, masks[t]!)))
      path = tf.add(tf.add(path, pathTransitions[t]!), pathEmissions[t]!)
    }
    const partition = logSumExp(tf.add(all, end), 1)
    const complete = tf.add(path, lastOf(end, chosen, mask))
    return tf.mul(tf.sub(complete, partition), tf.squeeze(masks[0]!, [1])) as Tensor1D
  })
}

/** How log likelihoods are reduced; the names are pytorch-crf's. */
export type CrfReduction = 'none' | 'mean' | 'sum' | 'token_mean'

/**
 * Reduces log likelihoods: over sentences (`mean`, `sum`), or their sum over the number of real positions
 * (`token_mean`); `none` leaves them.
 *
 * @param logLikelihood `[batch]`
 * @param mask `[batch, positions]`
 * @throws InvalidArgumentError for another name.
 */
export function reduceLogLikelihood(
  logLikelihood: Tensor1D,
  mask: Tensor2D,
  reduction: CrfReduction,
): Scalar | Tensor1D {
  switch (reduction) {
    case 'none':
      return logLikelihood
    case 'mean':
      return tf.mean(logLikelihood)
    case 'sum':
      return tf.sum(logLikelihood)
    case 'token_mean':
      return tf.tidy(() => tf.div(tf.sum(logLikelihood), tf.maximum(tf.sum(mask), 1)) as Scalar)
    default:
      throw new InvalidArgumentError({
        argument: 'reduction',
        rule: 'must be none, mean, sum or token_mean',
        received: reduction,
      })
  }
}

/** 1 at every position's own label, else 0, `[batch, positions, labels]`; what stands in padding is read as label 0. */
function oneHot(labels: Tensor2D, mask: Tensor2D, count: number): Tensor3D {
  // tf.oneHot refuses a single label, and asked for float32 its wasm kernel writes the bits of integers.
  if (count === 1) return tf.expandDims(tf.onesLike(mask), 2) as Tensor3D
  return tf.cast(tf.oneHot(tf.mul(labels, tf.cast(mask, 'int32')), count), 'float32') as Tensor3D
}

/** The slices of axis 1. tf.unstack's gradient stacks in one step, but cannot do so for a single slice. */
function byPosition<Slice extends Tensor>(x: Tensor): Slice[] {
  return (x.shape[1] === 1 ? [tf.squeeze(x, [1])] : tf.unstack(x, 1)) as Slice[]
}

/**
 * Emissions minus the largest of their position. The same number leaves the path and every path, so the likelihood
 * and its gradient stay what they are (hence the identity gradient), but the running scores no longer grow with the
 * emissions, and float32 keeps its digits for the differences.
 */
function centred(emissions: Tensor3D): Tensor3D {
  return tf.customGrad((...inputs) => {
    const x = inputs[0] as Tensor
    return { value: tf.sub(x, tf.max(x, 2, true)), gradFunc: (dy: Tensor) => dy }
  })(emissions) as Tensor3D
}

/** The scores of the path's own transitions into every position, positions x `[batch]`; 0 into the first. */
function transitionsOf(chosen: Tensor3D, mask: Tensor2D, transitions: Tensor2D): Tensor1D[] {
  // Zeros stand before the first position, so that the transitions have a gradient even in a batch of length 1.
  const before: [number, number][] = [
    [0, 0],
    [1, 0],
    [0, 0],
  ]
  const from = tf.slice(tf.pad(chosen, before), [0, 0, 0], chosen.shape)
  const rows = product(tf.reshape(from, [-1, transitions.shape[0]]) as Tensor2D, transitions)
  const scores = tf.sum(tf.mul(tf.reshape(rows, chosen.shape), chosen), 2)
  return byPosition<Tensor1D>(tf.mul(scores, mask))
}

/** `start` at every sentence's first label, `[batch]`. */
function firstOf(start: Tensor1D, chosen: Tensor3D): Tensor1D {
  const [batch, , labels] = chosen.shape
  const first = tf.reshape(tf.slice(chosen, [0, 0, 0], [batch, 1, labels]), [batch, labels])
  return tf.sum(tf.mul(first, start), 1)
}

/** `end` at every sentence's last real label, `[batch]`. */
function lastOf(end: Tensor1D, chosen: Tensor3D, mask: Tensor2D): Tensor1D {
  const after: [number, number][] = [
    [0, 0],
    [0, 1],
  ]
  const following = tf.slice(tf.pad(mask, after), [0, 1], mask.shape)
  const isLast = tf.expandDims(tf.sub(mask, following), 2) // [batch, positions, 1]
  return tf.sum(tf.mul(tf.sum(tf.mul(chosen, isLast), 1), end), 1)
}
