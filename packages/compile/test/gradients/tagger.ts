import {
  type ApplyOptions,
  createParameters,
  dropout,
  layerNormSpecs,
  layersOf,
  linearSpecs,
  logSumExp,
  normalInitializer,
  type Parameters,
  transformerLayer,
  transformerLayerSpecs,
} from '@mafjs/tensor'
import * as tf from '@tensorflow/tfjs-core'

const LAYER = { hidden: 8, heads: 2, intermediate: 16, hiddenDropout: 0.2, attentionDropout: 0.1 }
const LABELS = 3
const WORDS = 11

/** One batch of a tagger. */
export interface Batch {
  /** `[batch, tokens]`, int32 */
  words: tf.Tensor2D
  /** `[batch, tokens]`, int32 */
  labels: tf.Tensor2D
  /** `[batch, tokens]` */
  mask: tf.Tensor2D
}

/** A transformer of one layer with an embedding below, a linear-chain CRF above, and one parameter that nothing reads. */
export function createTagger(seed = 1): Parameters {
  return createParameters(
    {
      'embedding.weight': { shape: [WORDS, LAYER.hidden], initializer: normalInitializer(1) },
      'position.weight': { shape: [16, LAYER.hidden], initializer: normalInitializer(1), trainable: false },
      ...transformerLayerSpecs('layer', LAYER),
      ...linearSpecs('head', LAYER.hidden, LABELS),
      'crf.transitions': { shape: [LABELS, LABELS], initializer: normalInitializer(1) },
      ...layerNormSpecs('unused', LAYER.hidden),
    },
    seed,
  )
}

/** Rows of words, the last of which is one word shorter. */
export function batchOf(batch: number, tokens: number): Batch {
  const count = batch * tokens
  const numbers = (by: number, below: number): Int32Array =>
    Int32Array.from({ length: count }, (_, i) => (i * by + 1) % below)
  const mask = new Float32Array(count).fill(1)
  mask[count - 1] = 0
  return {
    words: tf.tensor2d(numbers(7, WORDS), [batch, tokens], 'int32'),
    labels: tf.tensor2d(numbers(5, LABELS), [batch, tokens], 'int32'),
    mask: tf.tensor2d(mask, [batch, tokens]),
  }
}

/** The loss of a tagger, the CRF's part and one that keeps its weights small. */
export const lossOf =
  (parameters: Parameters) =>
  ({ words, labels, mask }: Batch, options: ApplyOptions) => {
    const [, tokens] = words.shape
    const embedded = tf.add(
      tf.gather(parameters['embedding.weight']!, words),
      tf.slice(parameters['position.weight']!, [0, 0], [tokens, -1]),
    ) as tf.Tensor3D
    const states = dropout(embedded, 0.1, 'embedding', options)
    const encoded = transformerLayer({ states, mask }, parameters, 'layer', LAYER, options)
    const emissions = layersOf(parameters).linear(encoded, 'head')
    const likelihood = chainLikelihood(emissions, labels, mask, parameters['crf.transitions']!)
    const nll = tf.neg(tf.mean(likelihood)) as tf.Scalar
    const small = tf.mean(tf.square(parameters['head.weight']!)) as tf.Scalar
    return { total: tf.add(nll, tf.mul(small, 0.1)) as tf.Scalar, nll, small }
  }

/** The log likelihood of label paths, by the forward recursion over whole rows; masked places add nothing. */
function chainLikelihood(
  emissions: tf.Tensor3D,
  labels: tf.Tensor2D,
  mask: tf.Tensor2D,
  transitions: tf.Tensor,
): tf.Tensor {
  const places = tf.unstack(tf.mul(emissions, tf.expandDims(mask, 2)), 1) as tf.Tensor2D[]
  const rows = tf.unstack(tf.oneHot(labels, LABELS), 1).map(row => tf.cast(row, 'float32') as tf.Tensor2D)
  const real = tf.unstack(mask, 1)
  let alpha: tf.Tensor = places[0]!
  let score: tf.Tensor = tf.sum(tf.mul(places[0]!, rows[0]!), 1)
  for (let t = 1; t < places.length; t++) {
    const way = logSumExp(tf.add(tf.expandDims(alpha, 2), tf.expandDims(transitions, 0)), 1)
    const isReal = tf.expandDims(real[t]!, 1)
    alpha = tf.add(tf.mul(isReal, tf.add(way, places[t]!)), tf.mul(tf.sub(1, isReal), alpha))
    const step = tf.sum(tf.mul(tf.matMul(rows[t - 1]!, transitions as tf.Tensor2D), rows[t]!), 1)
    score = tf.add(score, tf.mul(real[t]!, tf.add(step, tf.sum(tf.mul(places[t]!, rows[t]!), 1))))
  }
  return tf.sub(score, logSumExp(alpha, 1))
}
