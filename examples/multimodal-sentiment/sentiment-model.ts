import { createGatedFusion } from '@mafjs/fuse'
import { createCrossAttention } from '@mafjs/interact'
import { createMatching } from '@mafjs/match'
import {
  type ApplyOptions,
  createParameters,
  disposeParameters,
  dropout,
  type Encoding,
  linear,
  linearSpecs,
  type Parameters,
  prefixParameters,
  presence,
} from '@mafjs/tensor'
import type { Scalar, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import type { EncodedPosts } from './task'

/** The options of `createSentimentModel`. */
export interface SentimentModelOptions {
  /** Channels of a token, as its encoder gives it. */
  textSize: number
  /** Channels of a region. */
  imageSize: number
  classes: number
  /** Size of everything between encoders and classifier. */
  hidden: number
  /** Share of the features of tokens, regions and posts that a step leaves out. */
  dropoutRate: number
  seed: number
}

/** Whose picture every post sees in the matching loss: int32 indices, and 1 where it is the own one. */
export interface Exchanges {
  partners: Tensor1D
  matched: Tensor1D
}

/** What the model gives. */
export interface SentimentOutputs {
  /** `[batch, classes]` */
  logits: Tensor2D
  /** `[batch]`: the probability that text and picture belong together; 0 without a picture. */
  match: Tensor1D
  /** Of matching; 0 where nothing was exchanged. */
  matchingLoss: Scalar
}

/** A model of one label for each post. */
export interface SentimentModel {
  apply(posts: EncodedPosts, options?: ApplyOptions, exchanges?: Exchanges): SentimentOutputs
  parameters(): Parameters
  dispose(): void
}

/**
 * MAF with a classifier of posts in place of the CRF: tokens attend to regions (interact), the probability that both belong
 * together weighs what they found (match), a gate lets it in (fuse), and the mean over the tokens goes to a linear classifier.
 */
export function createSentimentModel({
  textSize,
  imageSize,
  classes,
  hidden,
  dropoutRate,
  seed,
}: SentimentModelOptions): SentimentModel {
  const interact = createCrossAttention({ hidden, imageSize, heads: 4, intermediate: 2 * hidden, seed })
  const match = createMatching({ hidden, seed })
  const fuse = createGatedFusion({ hidden, seed })
  const own = createParameters(
    { ...linearSpecs('projection', textSize, hidden), ...linearSpecs('classifier', 2 * hidden, classes) },
    seed,
  )
  const dense = <T extends tf.Tensor>(x: T, name: string): T =>
    linear(x, own[`${name}.weight`] as unknown as Tensor2D, own[`${name}.bias`] as unknown as Tensor1D)
  const meanOf = (states: Tensor3D, mask: Tensor2D): Tensor2D => {
    const sum = tf.sum(tf.mul(states, tf.expandDims(mask, 2)), 1)
    return tf.div(sum, tf.maximum(tf.sum(mask, 1, true), 1))
  }

  return {
    apply: ({ text: tokens, image: regions }, options = {}, exchanges) => {
      const projected = dense(dropout(tokens.states, dropoutRate, 'tokens', options), 'projection')
      const { mask } = tokens
      const text: Encoding = { states: projected, summary: meanOf(projected, mask), mask }
      const image = { ...regions, states: dropout(regions.states, dropoutRate, 'regions', options) }
      const { states } = interact.apply({ text, image }, options) // [batch, tokens, hidden]
      const matching = match.apply({
        ...{ text, states, present: presence(image.mask) },
        ...(exchanges && { partners: exchanges.partners, labels: exchanges.matched }),
      })
      const fused = fuse.apply({ text, states: matching.states }) // [batch, tokens, 2 * hidden]
      const post = dropout(meanOf(fused.states, mask), dropoutRate, 'post', options)
      return {
        logits: dense(post, 'classifier'),
        match: matching.probability,
        matchingLoss: matching.loss,
      }
    },
    parameters: () => ({
      ...prefixParameters('interact', interact.parameters()),
      ...prefixParameters('match', match.parameters()),
      ...prefixParameters('fuse', fuse.parameters()),
      ...own,
    }),
    dispose() {
      for (const module of [interact, match, fuse]) module.dispose()
      disposeParameters(own)
    },
  }
}
