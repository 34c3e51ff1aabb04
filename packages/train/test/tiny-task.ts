import { composeModule, createLinear, crossEntropy } from '@mafjs/tensor/compose'
import * as tf from '@tensorflow/tfjs-core'
import { defineTask } from '../src'

/** Some numbers, as many as a row has, and which of two classes their sum says. */
export interface Row {
  x: readonly number[]
  label: number
}

export interface Inputs {
  /** `[rows, length, 1]`, padded with zeros */
  x: tf.Tensor3D
  labels: tf.Tensor1D
}

/** Rows of two to four numbers. */
export const rowsOf = (count: number): Row[] =>
  Array.from({ length: count }, (_, i) => {
    const x = Array.from({ length: 2 + (i % 3) }, (_, j) => Math.sin(7 * i + 3 * j))
    return { x, label: Number(x.reduce((sum, one) => sum + one, 0) > 0) }
  })

/** A task of four parameters: each number goes through a line, and their sums are the scores of the classes. */
export function tinyTask({ seed = 0 } = {}) {
  const model = composeModule(
    { head: createLinear({ inFeatures: 1, outFeatures: 2, seed }) },
    ({ head }, { x }: Inputs) => ({ logits: tf.sum(head.apply(x), 1) as tf.Tensor2D }),
  )
  return defineTask({
    model,
    collate(rows: readonly Row[]) {
      const longest = Math.max(...rows.map(({ x }) => x.length))
      const data = rows.flatMap(({ x }) => [...x, ...new Array<number>(longest - x.length).fill(0)])
      return {
        x: { data: Float32Array.from(data), shape: [rows.length, longest, 1] },
        labels: Int32Array.from(rows, ({ label }) => label),
      }
    },
    loss: (inputs: Inputs, options) => crossEntropy(model.apply(inputs, options).logits, inputs.labels),
    outputs: inputs => ({ logits: model.apply(inputs).logits }),
    decode: ({ logits }, rows) =>
      rows.map((_, i) => [Number(logits!.data[2 * i]), Number(logits!.data[2 * i + 1])] as const),
    score(predicted, rows) {
      const right = rows.filter(({ label }, i) => Number(predicted[i]![1] > predicted[i]![0]) === label)
      return { score: right.length / rows.length }
    },
    length: ({ x }) => x.length,
  })
}

/** What the runs of the tests are trained with. */
export const SETTINGS = { epochs: 4, batchSize: 8, learningRate: 0.05, seed: 3 }
