import '@tensorflow/tfjs-backend-cpu'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { exportGraph, exportOnnx, openOnnx } from '../../src'
import { Model } from '../../src/graph/onnx-schema'
import { draw } from '../quantize/graphs'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maf-export-'))
  await tf.setBackend('cpu')
})
afterAll(() => rm(folder, { recursive: true }))

const [IN, OUT] = [6, 4]
const weight = (): tf.Variable => tf.variable(tf.tensor2d(draw(IN * OUT, 2), [IN, OUT]), false)

/** A softmax over as many positions as there are, which the mask leaves. */
const attend =
  (matrix: tf.Tensor) =>
  ({ states, mask }: { states: tf.Tensor3D; mask: tf.Tensor2D }) => {
    const [batch, positions] = states.shape
    const rows = tf.reshape(tf.matMul(tf.reshape(states, [-1, IN]), matrix as tf.Tensor2D), [
      batch,
      positions,
      OUT,
    ])
    const scores = tf.add(
      tf.matMul(rows, rows, false, true),
      tf.reshape(tf.mul(tf.sub(mask, 1), 1e4), [batch, 1, positions]),
    )
    return { context: tf.matMul(tf.softmax(scores), rows), mean: tf.div(tf.sum(rows, 1), positions) }
  }
const signature = { states: { shape: ['batch', 'positions', IN] }, mask: { shape: ['batch', 'positions'] } }

test('any batch and length give what the function itself gives', async () => {
  const matrix = weight()
  const path = join(folder, 'attend.onnx')
  await writeFile(path, await exportOnnx(attend(matrix), signature))
  const model = await openOnnx(path, { threads: 1 })
  for (const [batch, positions] of [
    [1, 1],
    [2, 5],
    [7, 3],
    [3, 64],
  ] as const) {
    const states = draw(batch * positions * IN, batch)
    const mask = Float32Array.from({ length: batch * positions }, (_, i) =>
      Number(i % positions <= i / positions),
    )
    const received = await model.run({
      states: { data: states, shape: [batch, positions, IN] },
      mask: { data: mask, shape: [batch, positions] },
    })
    const expected = tf.tidy(() =>
      attend(matrix)({
        states: tf.tensor3d(states, [batch, positions, IN]),
        mask: tf.tensor2d(mask, [batch, positions]),
      }),
    )
    for (const [name, tensor] of Object.entries(expected)) {
      expect(received[name]!.shape).toEqual(tensor.shape)
      const numbers = tensor.dataSync()
      for (const [i, value] of numbers.entries()) expect(received[name]!.data[i]).toBeCloseTo(value, 5)
    }
    tf.dispose(expected)
  }
  await model.dispose()
  matrix.dispose()
})

test('the file has the names, the dimensions and the strings it was given', async () => {
  const matrix = weight()
  const bytes = await exportOnnx(attend(matrix), signature, {
    parameters: { 'attention.weight': matrix },
    metadata: { labels: 'O B-PER' },
  })
  const { graph, metadata } = Model.toObject(Model.decode(bytes), { longs: Number }) as {
    graph: Record<
      'initializers' | 'inputs',
      { name: string; type: { tensor: { shape: { lengths: object[] } } } }[]
    >
    metadata: object[]
  }
  expect(graph.initializers.map(({ name }) => name)).toContain('attention.weight')
  expect(metadata).toEqual([{ key: 'labels', value: 'O B-PER' }])
  expect(graph.inputs.map(({ name, type }) => [name, type.tensor.shape.lengths])).toEqual([
    ['states', [{ name: 'batch' }, { name: 'positions' }, { value: IN }]],
    ['mask', [{ name: 'batch' }, { name: 'positions' }]],
  ])
  matrix.dispose()
})

test('later values of a variable do not change what was exported', async () => {
  const matrix = weight()
  const { initializers } = await exportGraph(attend(matrix), signature, { parameters: { matrix } })
  matrix.assign(tf.zeros([IN, OUT]))
  expect([...initializers.find(({ name }) => name === 'matrix')!.data]).toEqual([...draw(IN * OUT, 2)])
  matrix.dispose()
})

test('a number that JavaScript computes from a length is refused, and no tensor is left behind', async () => {
  const tensors = tf.memory().numTensors
  const frozen = ({ states }: { states: tf.Tensor }) => tf.mul(states, Math.sqrt(states.shape[0]!))
  await expect(exportGraph(frozen, { states: { shape: ['batch', 2] } })).rejects.toThrow(
    /frozen into the program/,
  )
  expect(tf.memory().numTensors).toBe(tensors)
})
