import { createAlignment, encodingOfVectors } from '@mafjs/align'
import type { Engine } from '@mafjs/compile/engine'
import { chooseExchanges, createMatching } from '@mafjs/match'
import { dropout, presence } from '@mafjs/tensor'
import { composeModule } from '@mafjs/tensor/compose'
import { defineTask, fit, padRows, predict, sumLosses, type TrainingSettings } from '@mafjs/train'
import * as tf from '@tensorflow/tfjs-core'

/** A text and a picture as vectors; near-duplicates are of one group. Whether they fit only the measures are told. */
export type Pair = { text: Float32Array; image: Float32Array; group: number; fits?: boolean }
type Inputs = { text: tf.Tensor2D; image: tf.Tensor2D; partners?: tf.Tensor1D }

/** Mean 0 and deviation 1 in every row, so that products of text and picture are of size 1. */
function standardRows(x: tf.Tensor2D): tf.Tensor2D {
  const { mean, variance } = tf.moments(x, 1, true)
  return tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-6)))
}

/** Learns by exchanging pictures whether a text and a picture fit: the heads of `@mafjs/align`, judged by `@mafjs/match`. */
export function matchingTask({ text, image }: Pair, seed: number, featureDropout = 0) {
  const sizes = { textSize: text.length, imageSize: image.length, hidden: 256, seed }
  const parts = { align: createAlignment(sizes), match: createMatching({ hidden: 256, seed }) }
  const model = composeModule(parts, ({ align, match }, { text, image, partners }: Inputs, options) => {
    const aligned = align.apply({
      text: encodingOfVectors(dropout(text, featureDropout, 'text', options)),
      image: encodingOfVectors(dropout(image, featureDropout, 'image', options)),
    })
    const [read, seen] = [aligned.text, aligned.image].map(side => encodingOfVectors(standardRows(side)))
    const given = { text: read!, states: seen!.states, present: presence(seen!.mask), partners }
    const { loss: matching, logits } = match.apply(given, options)
    return { losses: { matching, alignment: aligned.loss }, logits }
  })
  return defineTask({
    model,
    collate: (pairs: readonly Pair[], run) => ({
      text: padRows(pairs.map(({ text }) => text)).values,
      image: padRows(pairs.map(({ image }) => image)).values,
      ...(run && { partners: chooseExchanges({ ids: pairs.map(({ group }) => group), rate: 0.5, ...run }) }),
    }),
    loss: (inputs: Inputs, options) => sumLosses(model.apply(inputs, options).losses),
    outputs: inputs => ({ logits: model.apply(inputs).logits }), // [batch, 2]: not fitting, fitting
    decode: ({ logits }, pairs) => pairs.map((_, row) => logits!.data[2 * row + 1]! - logits!.data[2 * row]!),
    score: () => ({}), // no label, so no score
  })
}

/** The mean scores of two models, so that what one finds by chance weighs less. */
export const matchingScorer =
  (engine: Engine, settings: TrainingSettings, featureDropout?: number) =>
  async (train: readonly Pair[], unseen: readonly Pair[], seed: number): Promise<number[]> => {
    const scores: number[][] = []
    for (const model of [2 * seed, 2 * seed + 1]) {
      const task = matchingTask(train[0]!, model, featureDropout)
      await fit(task, { engine, train, settings: { ...settings, seed: model } })
      scores.push(await predict(task, unseen, { engine, batchSize: 256 }))
      task.model.dispose()
    }
    return unseen.map((_, i) => (scores[0]![i]! + scores[1]![i]!) / 2)
  }
