import { createAlignment, encodingOfVectors } from '@mafjs/align'
import { compile, compileTraining } from '@mafjs/compile'
import { chooseExchanges, createMatching } from '@mafjs/match'
import { type ApplyOptions, dropout, permutation, prefixParameters } from '@mafjs/tensor'
import type { Scalar, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { chooseRows, type PairFeatures } from './features'
import type { Pairs } from './pairs'
import type { TrainedScorer } from './score-pairs'

/** Every knob of a training. */
export interface TrainingSettings {
  learningRate: number
  epochs: number
  /** Pairs of a step, half of which see another's picture. */
  batchSize: number
  weightDecay: number
  /** Share of the features that every step leaves out, others for each pair. */
  featureDropout: number
  /** Size of the common space. */
  hidden: number
  /** Weight of the alignment's loss beside the matching's; 0: its heads are trained by matching alone. */
  alignment: number
}

/** Pairs that are scored together; the last ones of a list share theirs with copies of the first. */
const ROWS = 256

interface Vectors {
  text: Tensor2D
  image: Tensor2D
}

interface TrainingVectors extends Vectors {
  /** `[batch]`, int32: whose picture every text sees. */
  partners: Tensor1D
  /** `[batch]`: 1 where it is the own one. */
  labels: Tensor1D
}

/** Mean 0 and deviation 1 in every row, so that products of text and picture are of size 1. */
function standardRows(x: Tensor2D): Tensor2D {
  const { mean, variance } = tf.moments(x, 1, true)
  return tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-6)))
}

/**
 * Trains `@mafjs/match` on pairs that nobody has labelled: those there are count as matched, although some are not, and
 * exchanged pictures as mismatched. The heads of `@mafjs/align` take both sides into one space, and are trained with it.
 */
export async function trainMatching(
  train: Pairs,
  { learningRate, epochs, batchSize, weightDecay, featureDropout, hidden, alignment }: TrainingSettings,
  seed: number,
): Promise<TrainedScorer> {
  const [pairs, textSize] = train.text.shape
  const size = Math.min(batchSize, pairs)
  const steps = Math.floor(pairs / size)
  const align = createAlignment({ textSize, imageSize: train.image.shape[1], hidden, seed })
  const match = createMatching({ hidden, seed })
  const sides = ({ text, image }: Vectors, options: ApplyOptions = {}) => {
    const aligned = align.apply({
      text: encodingOfVectors(dropout(text, featureDropout, 'text', options)),
      image: encodingOfVectors(dropout(image, featureDropout, 'image', options)),
    })
    const seen = encodingOfVectors(standardRows(aligned.image))
    return {
      loss: aligned.loss,
      text: encodingOfVectors(standardRows(aligned.text)),
      states: seen.states,
      present: tf.ones<tf.Rank.R1>([text.shape[0]]),
    }
  }

  const training = await compileTraining(
    ({ partners, labels, ...vectors }: TrainingVectors, options) => {
      const { loss, ...given } = sides(vectors, options)
      const matching = match.apply({ ...given, partners, labels })
      return tf.add(matching.loss, tf.mul(loss, alignment)) as Scalar
    },
    { ...prefixParameters('align', align.parameters()), ...prefixParameters('match', match.parameters()) },
    {
      threads: 1,
      optimizer: {
        ...{ kind: 'adamw', learningRate, weightDecay },
        schedule: { kind: 'linear', total: steps * epochs },
      },
    },
  )
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = permutation(pairs, { seed, step: epoch, site: 'order' })
    for (let i = 0; i < steps; i++) {
      const rows = order.slice(i * size, (i + 1) * size)
      const step = epoch * steps + i
      const ids = rows.map(row => train.groups[row]!)
      const partners = chooseExchanges({ ids, rate: 0.5, seed, step })
      const labels = Float32Array.from(partners, (partner, place) => (partner === place ? 1 : 0))
      const vectors = { text: chooseRows(train.text, rows), image: chooseRows(train.image, rows) }
      await training.step({ ...vectors, partners, labels }, { seed, step })
    }
  }
  await training.dispose()

  const scored = compile(
    (vectors: Vectors) => {
      const { loss: _, ...given } = sides(vectors)
      const [mismatch, matched] = tf.unstack(match.apply(given).logits, 1) as [Tensor1D, Tensor1D]
      return { logit: tf.sub(matched, mismatch) }
    },
    { threads: 1 },
  )
  return {
    async score({ text, image }: PairFeatures, pairs) {
      const scores: number[] = []
      for (let start = 0; start < pairs.length; start += ROWS) {
        const rows = Array.from({ length: ROWS }, (_, i) => pairs[start + i] ?? pairs[start]!)
        const vectors = {
          text: chooseRows(text, rows.map(([row]) => row)), // biome-ignore format: beside the next
          image: chooseRows(image, rows.map(([, row]) => row)), // biome-ignore format: beside the last
        }
        const { logit } = await scored.run(vectors)
        scores.push(...(logit!.data as Float32Array).slice(0, pairs.length - start))
      }
      return scores
    },
    async dispose() {
      await scored.dispose()
      align.dispose()
      match.dispose()
    },
  }
}
