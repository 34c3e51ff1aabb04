import { permutation } from '@mafjs/tensor'
import * as tf from '@tensorflow/tfjs-core'
import type * as tfl from '@tensorflow/tfjs-layers'
import type { QuestionTensors } from './batch-questions'

/** Every knob of a training. */
export interface TrainingSettings {
  learningRate: number
  /** Passes over the questions; the one with the best validation is kept. */
  epochs: number
  batchSize: number
}

/** What a training came to. */
export interface TrainingResult {
  /** The epoch that was kept, from 1. */
  epoch: number
  /** Its accuracy on validation. */
  validation: number
}

/** The same questions in another order. */
function reorder({ inputs, answers }: QuestionTensors, order: readonly number[]): QuestionTensors {
  const rows = tf.tensor1d([...order], 'int32')
  const moved = {
    inputs: inputs.map(tensor => tf.gather<tf.Tensor>(tensor, rows)) as QuestionTensors['inputs'],
    answers: tf.gather(answers, rows),
  }
  rows.dispose()
  return moved
}

/** Trains a model with `model.fit`; it ends with the weights of the epoch that has the best validation accuracy. */
export async function trainModel(
  model: tfl.LayersModel,
  train: QuestionTensors,
  valid: QuestionTensors,
  { learningRate, epochs, batchSize }: TrainingSettings,
  seed: number,
): Promise<TrainingResult> {
  const optimizer = tf.train.adam(learningRate)
  model.compile({ optimizer, loss: 'categoricalCrossentropy', metrics: ['accuracy'] })
  let best = { epoch: 0, validation: -1, weights: [] as tf.Tensor[] }
  for (let epoch = 1; epoch <= epochs; epoch++) {
    // Left to itself, model.fit shuffles by Math.random: no run would be like another.
    const { inputs, answers } = reorder(
      train,
      permutation(train.answers.shape[0], { seed, step: epoch, site: 'order' }),
    )
    const { history } = await model.fit(inputs, answers, {
      ...{ epochs: epoch, initialEpoch: epoch - 1, batchSize, shuffle: false, verbose: 0 },
      validationData: [valid.inputs, valid.answers],
    })
    tf.dispose([...inputs, answers])
    const validation = Number(history['val_acc']![0])
    if (validation <= best.validation) continue
    tf.dispose(best.weights)
    best = { epoch, validation, weights: model.getWeights().map(weight => tf.clone(weight)) }
  }
  model.setWeights(best.weights)
  tf.dispose(best.weights)
  optimizer.dispose()
  return { epoch: best.epoch, validation: best.validation }
}

/** The share of questions that a model answers rightly. */
export function accuracyOf(model: tfl.LayersModel, { inputs, answers }: QuestionTensors): number {
  return tf.tidy(() => {
    const given = tf.argMax(model.predict(inputs) as tf.Tensor2D, 1)
    return tf.mean(tf.cast(tf.equal(given, tf.argMax(answers, 1)), 'float32')).dataSync()[0]!
  })
}
