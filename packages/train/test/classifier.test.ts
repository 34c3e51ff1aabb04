import { useEngine } from '@mafjs/compile/engine'
import { composeModule, createLinear, crossEntropy } from '@mafjs/tensor/compose'
import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { defineClassifier, defineTask, evaluate, fit, padEncoding, predict, takeSnapshot } from '../src'

type Row = { x: number[]; label?: string | undefined }
type Inputs = { x: tf.Tensor2D; labels?: tf.Tensor1D | undefined }
const classes = ['left', 'middle', 'right']
const rows: Row[] = Array.from({ length: 60 }, (_, i) => {
  const x = [Math.sin(7 * i), Math.cos(3 * i)]
  return { x, label: classes[Math.floor(1.5 + 0.74 * (x[0]! + x[1]!))]! }
})
const settings = { epochs: 3, batchSize: 8, learningRate: 0.1 }

const arraysOf = (rows: readonly Row[]) => ({
  x: { data: Float32Array.from(rows.flatMap(({ x }) => x)), shape: [rows.length, 2] },
})
const line = () => ({ head: createLinear({ inFeatures: 2, outFeatures: 3 }) })
const classifier = () =>
  defineClassifier({
    model: composeModule(line(), ({ head }, { x }: { x: tf.Tensor2D }) => {
      const logits = head.apply(x)
      const extras = { sum: tf.sum(x, 1) as tf.Tensor1D }
      return { logits, losses: { size: tf.mean(tf.square(logits)) as tf.Scalar }, extras }
    }),
    classes,
    classOf: ({ label }: Row) => label,
    collate: arraysOf,
    weights: { size: 0.25 },
  })

describe('a classifier', () => {
  it('learns what the same task by its five verbs does, to the bit', async () => {
    const engine = await useEngine({ backend: 'cpu' })
    const model = composeModule(line(), ({ head }, { x }: Inputs) => ({ logits: head.apply(x) }))
    const byHand = defineTask({
      model,
      collate: (rows: readonly Row[]) => ({
        ...arraysOf(rows),
        labels: Int32Array.from(rows, ({ label }) => classes.indexOf(label!)),
      }),
      loss: (inputs: Inputs, options) => {
        const { logits } = model.apply(inputs, options)
        const size = tf.mul(tf.mean(tf.square(logits)), 0.25)
        return tf.add(crossEntropy(logits, inputs.labels!), size) as tf.Scalar
      },
      outputs: inputs => ({ logits: model.apply(inputs).logits }),
      decode: ({ logits }, rows) =>
        rows.map((_, row) => {
          const own = [...logits!.data.slice(3 * row, 3 * row + 3)].map(Number)
          return classes[own.indexOf(Math.max(...own))]!
        }),
      score: (predicted, rows) => ({
        score: predicted.filter((label, row) => label === rows[row]!.label).length / rows.length,
      }),
    })
    const task = classifier()
    await fit(task, { engine, train: rows, settings })
    await fit(byHand, { engine, train: rows, settings })
    expect(await takeSnapshot(task.model.parameters())).toEqual(await takeSnapshot(model.parameters()))

    const unlabelled = rows.map(({ x }) => ({ x }))
    const predicted = await predict(task, unlabelled, { engine })
    expect(predicted.map(({ label }) => label)).toEqual(await predict(byHand, rows, { engine }))
    expect(predicted.every(({ score }) => score > 1 / 3 && score <= 1)).toBe(true)
    const sums = rows.map(({ x }) => Math.fround(Math.fround(x[0]!) + Math.fround(x[1]!)))
    expect(predicted.map(({ extras }) => extras!.sum)).toEqual(sums)
    const report = await evaluate(task, rows, { engine })
    expect(report.accuracy).toBe((await evaluate(byHand, rows, { engine })).score)
    expect(JSON.parse(JSON.stringify(report))).toEqual(report) // nothing of it is lost in a run's folder
    expect(report.classes.map(({ label }) => label)).toEqual(classes)
  })

  it('refuses a row without one of its classes where it is needed, and names it', async () => {
    const engine = await useEngine({ backend: 'cpu' })
    const strange = [...rows.slice(0, 4), { x: [0, 0], label: 'up' }]
    const task = classifier()
    await expect(fit(task, { engine, train: strange, settings })).rejects.toThrow(
      'must have one of the classes left, middle, right. Received: up',
    )
    await expect(evaluate(task, [{ x: [0, 0] }], { engine })).rejects.toThrow(/rows\[0\].*Received: no class/)
    const model = composeModule(line(), ({ head }, { x }: { x: tf.Tensor2D }) => {
      const logits = head.apply(x)
      return { logits, losses: { classification: tf.mean(logits) as tf.Scalar } }
    })
    const told = composeModule(line(), ({ head }, { x }: { x: tf.Tensor2D }) => {
      return { logits: head.apply(x), extras: { probabilities: tf.sum(x, 1) as tf.Tensor1D } }
    })
    const other = defineClassifier({ model: told, classes, classOf: () => 'left', collate: arraysOf })
    await expect(predict(other, rows, { engine })).rejects.toThrow(/extras must have other names/)
    const own = defineClassifier({ model, classes, classOf: ({ label }: Row) => label, collate: arraysOf })
    await expect(fit(own, { engine, train: rows, settings })).rejects.toThrow(/losses must have other names/)
    const twice = { ...task, classes: ['a', 'a'], classOf: () => 'a', collate: arraysOf }
    expect(() => defineClassifier(twice as never)).toThrow(/classes must be two different names or more/)
  })
})

it('vectors become a modality with their mean as the summary', () => {
  const { states, summary, mask } = padEncoding([[1, 2, 3, 6], [], [5, 7]], { size: 2 })
  expect([states.shape, [...states.data]]).toEqual([
    [3, 2, 2],
    [1, 2, 3, 6, 0, 0, 0, 0, 5, 7, 0, 0],
  ])
  expect([summary.shape, [...summary.data]]).toEqual([
    [3, 2],
    [2, 4, 0, 0, 5, 7],
  ])
  expect([...mask.data]).toEqual([1, 1, 0, 0, 1, 0])
})
