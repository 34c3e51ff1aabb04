import {
  assertDtype,
  assertShape,
  InvalidArgumentError,
  logSumExp,
  product,
  withoutPadding,
} from '@mafjs/tensor'
import type { Scalar, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'

/** Squared length below which a vector counts as zero; its cosine has no meaning, so it is 0 without a gradient. */
const ZERO_SQUARED = 1e-16

/** Added to the score of an absent pair: large enough that float32's softmax gives it exactly 0. */
const ABSENT_SCORE = -1e9

/** What `contrastiveLoss` reads. */
export interface ContrastiveLossInputs {
  /** `[batch, hidden]`; row i belongs to row i of `image`. */
  text: Tensor2D
  /** `[batch, hidden]` */
  image: Tensor2D
  /** `[batch]`, float32: 1 where both modalities are there, else 0. @default all present */
  present?: Tensor1D | undefined
  /** Divides the cosines; larger dampens noisy pairs. @default 0.1 (the paper's) */
  temperature?: number | undefined
  /** Weight of the text-anchored direction, `w_t2v`; the other one has the rest. @default 0.5 */
  textToImageWeight?: number | undefined
}

/** The loss and its two directions; each direction as the mean over the present pairs and as the sum. */
export interface ContrastiveLoss extends Record<string, Scalar> {
  /** `w_t2v * textToImage + (1 - w_t2v) * imageToText` */
  loss: Scalar
  textToImage: Scalar
  imageToText: Scalar
  textToImageSum: Scalar
  imageToTextSum: Scalar
}

/**
 * The symmetric contrastive loss between texts and images of a batch, over cosine similarities s:
 * `l_t2v(i) = -log( exp(s(t_i, v_i) / tau) / sum_j exp(s(t_i, v_j) / tau) )`, and `l_v2t` likewise.
 * An absent pair is neither positive nor negative; with fewer than two present pairs the loss is 0.
 * Source: MAF (doi 10.1145/3488560.3498475), cross-modal alignment.
 *
 * @throws InvalidArgumentError for shapes that do not fit each other, or a temperature or weight out of range.
 */
export function contrastiveLoss({
  text,
  image,
  present,
  temperature = 0.1,
  textToImageWeight = 0.5,
}: ContrastiveLossInputs): ContrastiveLoss {
  const sizes = assertShape('text', text, ['batch', 'hidden'])
  assertShape('image', image, ['batch', 'hidden'], sizes)
  assertDtype('text', text, 'float32')
  assertDtype('image', image, 'float32')
  if (present) {
    assertShape('present', present, ['batch'], sizes)
    assertDtype('present', present, 'float32')
  }
  assertContrastiveOptions(temperature, textToImageWeight)
  return tf.tidy(() => {
    const pairs = present ?? (tf.ones([sizes['batch']!]) as Tensor1D)
    const texts = unitRows(withoutPadding(text, pairs))
    const images = unitRows(withoutPadding(image, pairs))
    const scores = tf.div(product(texts, tf.transpose(images) as Tensor2D), temperature) // [batch, batch]
    const positives = tf.div(tf.sum(tf.mul(texts, images), 1), temperature) // [batch]
    const absent = tf.mul(tf.sub(1, pairs), ABSENT_SCORE)
    const count = tf.sum(pairs)
    // One pair has no negatives; the subtraction below would leave a rounding error there.
    const counted = tf.mul(pairs, tf.cast(tf.greater(count, 1), 'float32'))
    const direction = (axis: 0 | 1): Scalar => {
      const all = logSumExp(tf.add(scores, tf.expandDims(absent, 1 - axis)), axis)
      return tf.sum(tf.mul(tf.sub(all, positives), counted)) as Scalar
    }
    const textToImageSum = direction(1)
    const imageToTextSum = direction(0)
    const mean = (sum: Scalar): Scalar => tf.div(sum, tf.maximum(count, 1)) as Scalar
    const textToImage = mean(textToImageSum)
    const imageToText = mean(imageToTextSum)
    const loss = tf.add(tf.mul(textToImage, textToImageWeight), tf.mul(imageToText, 1 - textToImageWeight))
    return { loss: loss as Scalar, textToImage, imageToText, textToImageSum, imageToTextSum }
  })
}

/** Refuses a temperature that is not positive and a weight outside [0, 1]. */
export function assertContrastiveOptions(temperature: number, textToImageWeight: number): void {
  if (!(temperature > 0 && Number.isFinite(temperature))) {
    throw new InvalidArgumentError({
      argument: 'temperature',
      rule: 'must be positive',
      received: temperature,
    })
  }
  if (!(textToImageWeight >= 0 && textToImageWeight <= 1)) {
    throw new InvalidArgumentError({
      argument: 'textToImageWeight',
      rule: 'must be in [0, 1]',
      received: textToImageWeight,
    })
  }
}

/** Rows of length 1; a zero row stays zero. The gradient of `y = x / |x|` is `(dy - y <dy, y>) / |x|`. */
const unitRows = tf.customGrad((x, save) => {
  const squares = tf.sum(tf.square(x as Tensor2D), 1, true)
  const isVector = tf.cast(tf.greater(squares, ZERO_SQUARED), 'float32')
  const inverse = tf.mul(tf.rsqrt(tf.maximum(squares, ZERO_SQUARED)), isVector)
  const value = tf.mul(x as Tensor2D, inverse)
  ;(save as tf.GradSaveFunc)([value, inverse])
  return {
    value,
    gradFunc: (dy: Tensor, saved: Tensor[]) => {
      const [y, inverse] = saved as [Tensor, Tensor]
      const along = tf.sum(tf.mul(dy, y), 1, true)
      return tf.mul(tf.sub(dy, tf.mul(y, along)), inverse)
    },
  }
}) as unknown as (x: Tensor2D) => Tensor2D
