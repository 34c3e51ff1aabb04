import {
  assertEncoding,
  assertSizes,
  createParameters,
  disposeParameters,
  type Encoding,
  glorotUniform,
  heUniform,
  layersOf,
  linearSpecs,
  type Module,
  presence,
  withoutPadding,
} from '@mafjs/tensor'
import type { Scalar, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { assertContrastiveOptions, contrastiveLoss } from './contrastive-loss'

/** The options of `createAlignment`. */
export interface AlignmentOptions {
  /** Channels of the text's summary. */
  textSize: number
  /** Channels of the image's summary, e.g. 2048 of a ResNet-50 or larger. */
  imageSize: number
  /** Size of the common space. */
  hidden: number
  /** Divides the cosines. @default 0.1 */
  temperature?: number | undefined
  /** Weight of the text-anchored direction; the other one has the rest. @default 0.5 */
  textToImageWeight?: number | undefined
  /** Seed of the first parameter values. @default 0 */
  seed?: number | undefined
}

/** The two presets; they differ in these options alone. */
export const alignmentPresets = {
  /** The published code's. */
  reference: { temperature: 0.179, textToImageWeight: 0.7 },
  /** The paper's temperature, both directions alike. */
  default: { temperature: 0.1, textToImageWeight: 0.5 },
} as const

/** What the module reads. */
export interface AlignmentInputs {
  text: Encoding
  /** Its mask says which examples have an image; one without adds nothing to the loss. */
  image: Encoding
}

/** What the module gives. */
export interface AlignmentOutputs extends Record<string, Scalar | Tensor2D> {
  /** `w_t2v * textToImage + (1 - w_t2v) * imageToText` */
  loss: Scalar
  /** Mean over the present pairs, text-anchored. */
  textToImage: Scalar
  /** Mean over the present pairs, image-anchored. */
  imageToText: Scalar
  textToImageSum: Scalar
  imageToTextSum: Scalar
  /** `[batch, hidden]`, the text in the common space, not normalised. */
  text: Tensor2D
  /** `[batch, hidden]`, the image in the common space, not normalised. */
  image: Tensor2D
}

/**
 * Cross-modal alignment: two heads, `linear - relu - linear`, take the summaries of text and image to one space, where
 * `contrastiveLoss` brings pairs together. Source: MAF (doi 10.1145/3488560.3498475).
 *
 * @throws InvalidArgumentError for an option out of range.
 */
export function createAlignment({
  textSize,
  imageSize,
  hidden,
  temperature = 0.1,
  textToImageWeight = 0.5,
  seed = 0,
}: AlignmentOptions): Module<AlignmentInputs, AlignmentOutputs, Required<AlignmentOptions>> {
  assertSizes({ textSize, imageSize, hidden })
  assertContrastiveOptions(temperature, textToImageWeight)
  const parameters = createParameters(
    {
      ...linearSpecs('text_projection.dense', textSize, hidden, heUniform),
      ...linearSpecs('text_projection.output', hidden, hidden, glorotUniform),
      ...linearSpecs('image_projection.dense', imageSize, hidden, heUniform),
      ...linearSpecs('image_projection.output', hidden, hidden, glorotUniform),
    },
    seed,
  )
  const layers = layersOf(parameters)
  const project = (x: Tensor2D, name: 'text_projection' | 'image_projection'): Tensor2D =>
    layers.linear(tf.relu(layers.linear(x, `${name}.dense`)), `${name}.output`)

  return {
    config: { textSize, imageSize, hidden, temperature, textToImageWeight, seed },
    apply: ({ text, image }) =>
      tf.tidy(() => {
        const sizes = assertEncoding('text', text, 'tokens', textSize)
        assertEncoding('image', image, 'regions', imageSize, sizes)
        const [hasText, hasImage] = [presence(text.mask), presence(image.mask)]
        const texts = project(withoutPadding(text.summary, hasText), 'text_projection') // [batch, hidden]
        const images = project(withoutPadding(image.summary, hasImage), 'image_projection') // [batch, hidden]
        const present = tf.mul(hasText, hasImage) as Tensor1D
        const losses = contrastiveLoss({
          text: texts,
          image: images,
          present,
          temperature,
          textToImageWeight,
        })
        return { ...losses, text: texts, image: images } as AlignmentOutputs
      }),
    parameters: () => ({ ...parameters }),
    dispose: () => disposeParameters(parameters),
  }
}
