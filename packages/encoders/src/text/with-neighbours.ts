import {
  type ApplyOptions,
  bertInitializer,
  constant,
  dropout,
  gelu,
  layerNormSpecs,
  layersOf,
  linear,
  type ParameterSpec,
  type Parameters,
} from '@mafjs/tensor'
import type { Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import type { CompleteTextEncoderConfig } from './text-encoder-config'

const NAME = 'encoder.layer.0.convolution'

/** The parameters of the convolution beside the first layer; none where there is none. */
export function neighbourSpecs({
  disentangled,
  hidden,
}: CompleteTextEncoderConfig): Record<string, ParameterSpec> {
  if (!disentangled?.convolution) return {}
  return {
    [`${NAME}.weight`]: {
      shape: [hidden, hidden, disentangled.convolution.size],
      initializer: bertInitializer,
    },
    [`${NAME}.bias`]: { shape: [hidden], initializer: constant(0) },
    ...layerNormSpecs(`${NAME}.LayerNorm`, hidden),
  }
}

/** What the convolution reads. */
interface Neighbours {
  embedded: Tensor3D
  /** The first layer's. */
  states: Tensor3D
  mask: Tensor2D
}

/** The first layer's states with a convolution over the embeddings added (He et al. 2021), `[batch, positions, hidden]`. */
export function withNeighbours(
  { embedded, states, mask }: Neighbours,
  parameters: Parameters,
  { disentangled, hidden, hiddenDropout, layerNormEpsilon }: CompleteTextEncoderConfig,
  options: ApplyOptions,
): Tensor3D {
  const { size, activation } = disentangled!.convolution!
  const real = tf.expandDims(mask, 2)
  const side = (size - 1) / 2
  // A product of all neighbours side by side, which every backend can differentiate.
  const neighbours = Array.from({ length: size }, (_, tap) => shifted(embedded, tap - side))
  const kernel = tf.reshape(tf.transpose(parameters[`${NAME}.weight`]!, [0, 2, 1]), [hidden, size * hidden])
  const mixed = linear(tf.concat(neighbours, 2), kernel as Tensor2D, parameters[`${NAME}.bias`] as Tensor1D)
  const dropped = dropout(tf.mul(mixed, real) as Tensor3D, hiddenDropout, NAME, options)
  const active = activation === 'gelu' ? gelu(dropped) : tf.tanh(dropped)
  const summed = tf.add(states, active) as Tensor3D
  return tf.mul(layersOf(parameters).layerNorm(summed, `${NAME}.LayerNorm`, layerNormEpsilon), real)
}

/** At every place what stands `by` places after it, zeros where nothing does. */
function shifted(x: Tensor3D, by: number): Tensor3D {
  const [batch, positions, hidden] = x.shape
  if (by <= 0) {
    return tf.slice(
      tf.pad(x, [
        [0, 0],
        [-by, 0],
        [0, 0],
      ]),
      [0, 0, 0],
      [batch, positions, hidden],
    ) as Tensor3D
  }
  return tf.slice(
    tf.pad(x, [
      [0, 0],
      [0, by],
      [0, 0],
    ]),
    [0, by, 0],
    [-1, -1, -1],
  ) as Tensor3D
}
