import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import { encodeModel, exportGraph, onnxWeights, quantizeGraph } from '../../src'
import { useBackend } from '../../src/engine'
import { draw } from './graphs'

beforeAll(() => useBackend('cpu'))

test('the weights of a graph are those of the parameters, and of its int8 form those but for rounding', async () => {
  const [rows, hidden, out] = [1024, 6, 40]
  const parameters = {
    table: tf.variable(tf.tensor(draw(rows * hidden, 1), [rows, hidden])),
    // PyTorch's layout: [out, in], and one that is square, whose sides nothing tells apart.
    weight: tf.variable(tf.tensor(draw(out * hidden, 2), [out, hidden])),
    square: tf.variable(tf.tensor(draw(out * out, 3), [out, out])),
    bias: tf.variable(tf.tensor(draw(out, 4))),
  }
  const program = ({ ids }: { ids: tf.Tensor1D }) => {
    const taken = tf.gather(parameters.table, ids) as tf.Tensor2D
    const first = tf.add(tf.matMul(taken, parameters.weight as tf.Tensor2D, false, true), parameters.bias)
    return { y: tf.matMul(first as tf.Tensor2D, parameters.square as tf.Tensor2D, false, true) }
  }
  const graph = await exportGraph(program, { ids: { shape: ['words'], dtype: 'int32' } }, { parameters })
  const plain = onnxWeights(encodeModel(graph))
  expect(plain.restored).toEqual([])
  for (const weights of ['int7', 'uint8', 'int8'] as const) {
    const { graph: bytes } = await quantizeGraph(graph, { weights })
    const { weights: found, restored } = onnxWeights(encodeModel(bytes))
    expect(restored).toEqual(['square', 'table', 'weight'])
    for (const [name, variable] of Object.entries(parameters)) {
      expect(plain.weights[name]).toEqual({ shape: variable.shape, values: variable.dataSync() })
      expect(found[name]!.shape).toEqual(variable.shape)
      const errors = found[name]!.values.map((value, i) => Math.abs(value - variable.dataSync()[i]!))
      // Half a step of the coarsest bytes, whose greatest is 63.
      expect(Math.max(...errors), `${name} ${weights}`).toBeLessThanOrEqual(0.5 / 63 + 1e-6)
    }
  }
  expect(() => onnxWeights(Uint8Array.of(9, 9))).toThrow('model must be an ONNX model')
})
