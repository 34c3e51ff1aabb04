import type { AlignmentInputs } from '@mafjs/align'
import type { GatedFusionModuleInputs } from '@mafjs/fuse'
import type { CrossAttentionModuleInputs } from '@mafjs/interact'
import type { MatchingInputs } from '@mafjs/match'
import { presence } from '@mafjs/tensor'
import { composeModule, createLinear, maskedMean } from '@mafjs/tensor/compose'
import * as tf from '@tensorflow/tfjs-core'
import type { OwnParts } from '../../src/model/own-parts'

const mean = (x: tf.Tensor): tf.Scalar => tf.mean(tf.square(x)) as tf.Scalar

/** One module of each kind that is none of the package's, with an option that its configuration gives. */
export const OWN: Required<OwnParts> = {
  align: ({ hidden, imageSize, seed, strength = 1 }) =>
    composeModule(
      { image: createLinear({ inFeatures: imageSize, outFeatures: hidden, seed }) },
      ({ image: linear }, { text, image }: AlignmentInputs) => ({
        loss: tf.mul(Number(strength), mean(tf.sub(linear.apply(image.summary), text.summary))) as tf.Scalar,
      }),
    ),
  interact: ({ hidden, imageSize, seed, strength = 1 }) =>
    composeModule(
      { regions: createLinear({ inFeatures: imageSize, outFeatures: hidden, seed }) },
      ({ regions }, { text, image }: CrossAttentionModuleInputs) => {
        const seen = tf.mul(regions.apply(maskedMean(image.states, image.mask)), Number(strength))
        const there = tf.mul(tf.expandDims(text.mask, 2), tf.reshape(presence(image.mask), [-1, 1, 1]))
        return { states: tf.mul(tf.expandDims(seen, 1), there) as tf.Tensor3D }
      },
    ),
  match: ({ hidden, seed, strength = 1 }) =>
    composeModule(
      { head: createLinear({ inFeatures: hidden, outFeatures: 1, seed }) },
      ({ head }, { text, states, present }: MatchingInputs) => {
        const score = head.apply(maskedMean(states, text.mask)) // [batch, 1]
        const matched = tf.sigmoid(tf.mul(score, Number(strength)))
        const probability = tf.mul(tf.squeeze(matched, [1]), present) as tf.Tensor1D
        return {
          probability,
          loss: mean(score),
          states: tf.mul(states, tf.reshape(probability, [-1, 1, 1])) as tf.Tensor3D,
        }
      },
    ),
  fuse: ({ hidden, seed, strength = 1 }) => ({
    ...composeModule(
      { image: createLinear({ inFeatures: hidden, outFeatures: hidden, seed }) },
      ({ image }, { text, states }: GatedFusionModuleInputs) => ({
        states: tf.add(text.states, tf.mul(Number(strength), image.apply(states))) as tf.Tensor3D,
      }),
    ),
    size: hidden,
  }),
}
