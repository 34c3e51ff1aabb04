import { maskFromLengths } from '@mafjs/tensor'
import * as tf from '@tensorflow/tfjs-core'
import { CHANNELS, COLOURS, idsOf, MOST_REGIONS, MOST_TOKENS, type Question } from './draw-questions'

/** What a model is fed: its inputs in their order, and the right answers as `[questions, colours]`. */
export interface QuestionTensors {
  inputs: [ids: tf.Tensor2D, tokens: tf.Tensor2D, regions: tf.Tensor3D, regionMask: tf.Tensor2D]
  answers: tf.Tensor2D
}

/** Questions as padded tensors with their masks. */
export function batchQuestions(questions: readonly Question[]): QuestionTensors {
  const count = questions.length
  const ids = new Int32Array(count * MOST_TOKENS)
  const regions = new Float32Array(count * MOST_REGIONS * CHANNELS)
  const answers = new Float32Array(count * Object.keys(COLOURS).length)
  for (const [row, question] of questions.entries()) {
    ids.set(idsOf(question), row * MOST_TOKENS)
    regions.set(question.regions, row * MOST_REGIONS * CHANNELS)
    answers[row * Object.keys(COLOURS).length + question.answer] = 1
  }
  return {
    inputs: [
      tf.tensor2d(ids, [count, MOST_TOKENS], 'int32'),
      maskFromLengths(
        questions.map(question => idsOf(question).length),
        MOST_TOKENS,
      ),
      tf.tensor3d(regions, [count, MOST_REGIONS, CHANNELS]),
      maskFromLengths(
        questions.map(question => question.regions.length / CHANNELS),
        MOST_REGIONS,
      ),
    ],
    answers: tf.tensor2d(answers, [count, Object.keys(COLOURS).length]),
  }
}
