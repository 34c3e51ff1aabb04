import {
  assertSizes,
  createParameters,
  disposeParameters,
  gelu,
  glorotUniform,
  InvalidArgumentError,
  layersOf,
  linearSpecs,
  normalInitializer,
  type ParameterSpec,
} from '@mafjs/tensor'
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { type CreateOptions, withFirstValues } from '../create-options'
import { cutPatches } from './cut-patches'
import { type ImageEncoder, type ImageInputs, presentPixels, regionMask } from './image-inputs'

/** The sizes of a patch encoder; plain JSON. */
export interface PatchConfig {
  kind: 'patches'
  /** Height and width of a picture in pixels. */
  imageSize: number
  /** Height and width of a patch in pixels; divides `imageSize`. */
  patchSize: number
  /** Channels of every region. */
  channels: number
  /** Size of the layer between. @default channels */
  hidden?: number
  /** Whether every region adds a learned vector of its place. @default true */
  positions?: boolean
  /**
   * Whether every patch is brought to mean 0 and deviation 1 first: what is left is its structure, not how bright or how
   * strong it is (the normalised pixels of He et al. 2022, there as targets). @default false
   */
  patchNorm?: boolean
  /** Seed of the first values. @default 0 */
  seed?: number
}

/** A patch encoder's configuration with every default filled in. */
export type CompletePatchConfig = Required<PatchConfig>

/**
 * Fills in the defaults and checks every value.
 *
 * @throws InvalidArgumentError for sizes that are not positive integers or patches that do not tile the picture.
 */
export function completePatchConfig({
  kind,
  imageSize,
  patchSize,
  channels,
  hidden = channels,
  positions = true,
  patchNorm = false,
  seed = 0,
}: PatchConfig): CompletePatchConfig {
  if (kind !== 'patches') {
    throw new InvalidArgumentError({ argument: 'kind', rule: "must be 'patches'", received: kind })
  }
  assertSizes({ imageSize, patchSize, channels, hidden })
  if (imageSize % patchSize !== 0) {
    throw new InvalidArgumentError({
      argument: 'patchSize',
      rule: `must divide imageSize = ${imageSize}`,
      received: patchSize,
    })
  }
  return { kind, imageSize, patchSize, channels, hidden, positions, patchNorm, seed }
}

/**
 * Patches through two linear layers: pictures become regions without a convolution, so that it trains on every
 * backend. A patch's projection is that of a vision transformer (Dosovitskiy et al. 2021, eq. 1).
 *
 * @returns states `[batch, (imageSize / patchSize)^2, channels]`; the mask is 0 where there is no picture
 * @throws InvalidArgumentError for a configuration or inputs that break a rule.
 */
export function createPatchEncoder(
  config: PatchConfig,
  options: CreateOptions = {},
): ImageEncoder<CompletePatchConfig> {
  const complete = completePatchConfig(config)
  const { imageSize, patchSize, channels, hidden, positions, patchNorm, seed } = complete
  const grid = imageSize / patchSize
  const specs: Record<string, ParameterSpec> = {
    ...linearSpecs('patches.dense', patchSize * patchSize * 3, hidden, glorotUniform),
    ...linearSpecs('patches.output', hidden, channels, glorotUniform),
    ...(positions && {
      'position_embeddings.weight': { shape: [grid * grid, channels], initializer: normalInitializer() },
    }),
  }
  const parameters = createParameters(withFirstValues(specs, options), seed)
  const { linear } = layersOf(parameters)
  return {
    config: complete,
    apply: (inputs: ImageInputs) =>
      tf.tidy(() => {
        const cut = cutPatches(presentPixels(inputs), imageSize, patchSize)
        const patches = patchNorm ? normalisePatches(cut) : cut
        const projected = linear(gelu(linear(patches, 'patches.dense')), 'patches.output')
        const places = parameters['position_embeddings.weight']
        const states = (places ? tf.add(projected, places) : projected) as Tensor3D
        const mask = regionMask(inputs.present, grid * grid)
        return { states, summary: tf.mean(states, 1) as Tensor2D, mask }
      }),
    parameters: () => ({ ...parameters }),
    dispose: () => disposeParameters(parameters),
  }
}

/** Variance below which a patch counts as plain, so that its noise is not blown up; pixels have about variance 1. */
const PLAIN = 0.01

/** Every patch with mean 0 and deviation 1. */
function normalisePatches(patches: Tensor3D): Tensor3D {
  const centred = tf.sub(patches, tf.mean(patches, -1, true))
  const variance = tf.mean(tf.square(centred), -1, true)
  return tf.mul(centred, tf.rsqrt(tf.add(variance, PLAIN))) as Tensor3D
}
