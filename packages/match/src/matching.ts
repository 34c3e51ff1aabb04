import {
  type ApplyOptions,
  assertDtype,
  assertEncoding,
  assertShape,
  createParameters,
  disposeParameters,
  type Encoding,
  InvalidArgumentError,
  type Module,
  presence,
  takeRows,
  withoutPadding,
} from '@mafjs/tensor'
import type { Scalar, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { chooseExchanges, type PictureId, publishedExchanges } from './exchanges'
import { flattenedHead, pooledHead } from './heads'
import { matchingLoss } from './matching-loss'
import { completeMatchingOptions, type MatchingConfig, type MatchingOptions } from './matching-options'
import { assertPartners, type Partners, swapNegatives } from './swap-negatives'

/** What the module reads. */
export interface MatchingInputs {
  text: Encoding
  /** C, `[batch, tokens, hidden]`: every example's own text-aware image states. */
  states: Tensor3D
  /** `[batch]`, float32: 1 where there is a picture, e.g. `presence(image.mask)`. */
  present: Tensor1D
  /** The picture of every example, `null` where `present` is 0; training needs them unless `partners` are given. */
  ids?: ArrayLike<PictureId> | undefined
  /** Whose picture every example sees; where given, it decides instead of the seed, also outside training. */
  partners?: Partners | undefined
  /**
   * 1 = matched, 0 = not, as numbers or a float32 tensor `[batch]`; given with `partners`. @default 1 where the partner is the
   * example itself
   */
  labels?: ArrayLike<number> | Tensor1D | undefined
  /** C of every text with its partner's picture, `[batch, tokens, hidden]`. @default the partners' own states */
  negatives?: Tensor3D | undefined
}

/** What the module gives. */
export interface MatchingOutputs {
  /** p, `[batch]`: the probability that text and image match; exactly 0 without a picture. */
  probability: Tensor1D
  /** `[batch, 2]`, behind `probability`. */
  logits: Tensor2D
  /** `[batch, 2]`, behind the loss: where an example is exchanged, those of its exchanged states. */
  lossLogits: Tensor2D
  /** `[batch]`, float32: 1 = matched, 0 = exchanged. */
  labels: Tensor1D
  loss: Scalar
  /** C' = p * C, `[batch, tokens, hidden]`. */
  states: Tensor3D
  /**
   * Whose picture every example saw in the loss; its own index = not exchanged. Left out where the partners were given as a
   * tensor, whose values are not read.
   */
  exchanged?: Int32Array
}

/**
 * Cross-modal matching: a classifier of `[T ; C]` tells whether text and image belong together, taught by exchanging
 * pictures within the batch, and its probability filters the image states, `C' = p * C`.
 * Source: MAF (doi 10.1145/3488560.3498475).
 *
 * @throws InvalidArgumentError for an option out of range.
 */
export function createMatching(
  options: MatchingOptions,
): Module<MatchingInputs, MatchingOutputs, MatchingConfig> {
  const config = completeMatchingOptions(options)
  const { hidden, maskPadding, exchangedStatesInTagging, lossWithoutNegatives } = config
  const tokens = config.tokens ?? 'tokens'
  const head = typeof tokens === 'number' ? flattenedHead(hidden, tokens) : pooledHead(hidden)
  const parameters = createParameters(head.specs, config.seed)

  return {
    config,
    apply: (inputs, options = {}) => {
      const { text, present, negatives } = inputs
      const sizes = assertEncoding('text', text, 'tokens', hidden)
      assertShape('text.states', text.states, ['batch', tokens, hidden])
      assertShape('states', inputs.states, ['batch', 'tokens', hidden], sizes)
      assertShape('present', present, ['batch'], sizes)
      assertDtype('states', inputs.states, 'float32')
      assertDtype('present', present, 'float32')
      if (negatives) {
        assertShape('negatives', negatives, ['batch', 'tokens', hidden], sizes)
        assertDtype('negatives', negatives, 'float32')
      }
      const { partners, labels } = exchangesFor(inputs, options, config, sizes['batch']!)
      // A tensor is not read: whoever gives one means to exchange.
      const isExchanged =
        partners instanceof tf.Tensor || partners.some((partner, index) => partner !== index)
      const outputs = tf.tidy(() => {
        const own = withoutPadding(inputs.states, present)
        const mask = maskPadding ? text.mask : (tf.onesLike(text.mask) as Tensor2D)
        const logitsOf = (states: Tensor3D, counted: Tensor2D): Tensor2D =>
          head.logits({ text: text.states, states, mask: counted }, parameters)
        const there = tf.mul(present, presence(text.mask)) as Tensor1D
        // Without the picture or the partner's there is nothing to learn from.
        const counted = isExchanged ? (tf.mul(there, takeRows(there, partners)) as Tensor1D) : there
        // A partner's states are those of its own sentence: only the positions that both have are compared, so that
        // neither what stands at its padding nor the difference of lengths tells who was exchanged.
        const isSwapped = isExchanged && !negatives
        const shared = isSwapped ? (tf.mul(mask, takeRows(mask, partners)) as Tensor2D) : mask
        const real = (): Tensor3D => tf.mul(own, tf.expandDims(mask, 2)) as Tensor3D
        const seen = isExchanged ? (negatives ?? swapNegatives(real(), partners)) : own
        const lossLogits = logitsOf(seen, shared)
        const tagged = exchangedStatesInTagging || !isExchanged
        const logits = tagged ? tf.clone(lossLogits) : logitsOf(own, mask)
        const matched = tf.reshape(tf.slice(tf.softmax(logits), [0, 1], [-1, 1]), [-1]) as Tensor1D
        const probability = tf.mul(matched, tagged ? counted : there) as Tensor1D
        const truth = labels instanceof tf.Tensor ? tf.clone(labels) : tf.tensor1d(labels)
        return {
          probability,
          logits,
          lossLogits,
          labels: truth,
          loss: matchingLoss({ logits: lossLogits, labels: truth, present: counted, lossWithoutNegatives }),
          states: tf.mul(tagged ? seen : own, tf.reshape(probability, [-1, 1, 1])) as Tensor3D,
        }
      })
      return { ...outputs, exchanged: partners instanceof tf.Tensor ? undefined : partners }
    },
    parameters: () => ({ ...parameters }),
    dispose: () => disposeParameters(parameters),
  }
}

/** Whose picture every example sees in this call, and what that makes it. */
function exchangesFor(
  { ids, partners, labels, negatives }: MatchingInputs,
  { training = false, seed = 0, step = 0 }: ApplyOptions,
  { exchange }: MatchingConfig,
  batch: number,
): { partners: Int32Array | Tensor1D; labels: Float32Array | Tensor1D } {
  if (partners) {
    assertPartners(partners, batch)
    if (partners instanceof tf.Tensor) {
      const own = () => tf.cast(tf.equal(partners, tf.range(0, batch, 1, 'int32')), 'float32') as Tensor1D
      return { partners, labels: labels ? givenTensor(labels, batch) : own() }
    }
    const chosen = Int32Array.from(partners)
    return { partners: chosen, labels: labels ? givenLabels(labels, batch) : ownLabels(chosen) }
  }
  if (labels || negatives) {
    throw new InvalidArgumentError({
      argument: 'partners',
      rule: 'must be given with labels or negatives, which depend on them',
      received: 'undefined',
    })
  }
  if (!training) return publishedExchanges(batch, null)
  if (exchange.rule === 'last') return publishedExchanges(batch, exchange.count)
  if (ids?.length !== batch) {
    throw new InvalidArgumentError({
      argument: 'ids',
      rule: `must name the picture of every example in training (${batch})`,
      received: ids ? `${ids.length} ids` : 'undefined',
      fix: 'Give an id per example, null where there is no picture, or choose the partners yourself.',
    })
  }
  const chosen = chooseExchanges({ ids, rate: exchange.rate, minimum: exchange.minimum, seed, step })
  return { partners: chosen, labels: ownLabels(chosen) }
}

function ownLabels(partners: Int32Array): Float32Array {
  return Float32Array.from(partners, (partner, index) => (partner === index ? 1 : 0))
}

function givenTensor(labels: MatchingInputs['labels'], batch: number): Tensor1D {
  assertShape('labels', labels as Tensor1D, [batch])
  assertDtype('labels', labels as Tensor1D, 'float32')
  return labels as Tensor1D
}

function givenLabels(labels: ArrayLike<number> | Tensor1D, batch: number): Float32Array | Tensor1D {
  if (labels instanceof tf.Tensor) return givenTensor(labels, batch)
  if (labels.length !== batch || Array.from(labels).some(label => label !== 0 && label !== 1)) {
    throw new InvalidArgumentError({
      argument: 'labels',
      rule: `must be ${batch} numbers, each 0 or 1`,
      received: `[${Array.from(labels).join(', ')}]`,
    })
  }
  return Float32Array.from(labels)
}
