import {
  compileTraining,
  type OnnxGraph,
  type OnnxNode,
  registerOnnxBackend,
  type TensorSpec,
} from '@mafjs/compile'
import * as tf from '@tensorflow/tfjs-core'
import { InferenceSession } from 'onnxruntime-node'
import { expect, test, vi } from 'vitest'
import { workingBytes } from '../../src/training/working-memory'

const node = (op: string, inputs: string[], output: string): OnnxNode => ({
  op,
  domain: '',
  inputs,
  outputs: [output],
  attributes: {},
})

/** A graph from `x` of ten numbers to `y`. */
function graphOf(nodes: OnnxNode[], lengths: Record<string, number>): OnnxGraph {
  const spec = (name: string, length: number): TensorSpec => ({ name, type: 'float32', shape: [length] })
  const tensors = Object.entries({ x: 10, y: 10, ...lengths }).map(([name, length]) => spec(name, length))
  return {
    nodes,
    inputs: [spec('x', 10)],
    outputs: [spec('y', 10)],
    initializers: [],
    tensors: new Map(tensors.map(tensor => [tensor.name, tensor])),
  }
}

test('what lies between inputs and outputs counts from the node that makes it to the last that reads it', () => {
  const nodes = [
    node('Relu', ['x'], 'a'),
    node('Tile', ['a'], 'b'), // a and b
    node('Neg', ['b'], 'c'), // b and c
    node('Add', ['c', 'c'], 'd'), // c and d
    node('Relu', ['d'], 'y'), // d alone: y is the caller's
  ]
  expect(workingBytes(graphOf(nodes, { a: 1, b: 100, c: 100, d: 50 }))).toBe(4 * 200)
  const kept = [...nodes.slice(0, 4), node('Sum', ['d', 'a'], 'y')]
  expect(workingBytes(graphOf(kept, { a: 1, b: 100, c: 100, d: 50 }))).toBe(4 * 201)
})

test('another shape of the same memory is not counted, and keeps it', () => {
  const nodes = [
    node('Tile', ['x'], 'a'),
    node('Reshape', ['a', 'shape'], 'b'),
    node('Neg', ['x'], 'c'),
    node('Reshape', ['b', 'shape'], 'd'),
    node('MatMul', ['c', 'd'], 'y'),
  ]
  expect(workingBytes(graphOf(nodes, { a: 30, b: 30, c: 7, d: 30 }))).toBe(4 * 37)
})

test('the programs of more shapes than fit return their memory after each run, and compute the same', async () => {
  registerOnnxBackend({ threads: 1 })
  await tf.setBackend('onnx')
  const created = vi.spyOn(InferenceSession, 'create')
  const train = async (keptMemory: number) => {
    const weight = tf.variable(tf.ones([8, 1]))
    const loss = ({ x }: { x: tf.Tensor2D }) => tf.mean(tf.square(tf.relu(tf.matMul(x, weight)))) as tf.Scalar
    const optimizer = { kind: 'adamw', learningRate: 0.1 } as const
    const training = await compileTraining(loss, { weight }, { optimizer, threads: 1, keptMemory })
    const losses: number[] = []
    for (let step = 0; step < 6; step++) {
      const rows = 2 + (step % 3)
      const x = { data: Float32Array.from({ length: 8 * rows }, (_, i) => (i - step) / 10), shape: [rows, 8] }
      losses.push((await training.step({ x }, { seed: 1, step })).losses['total']!)
    }
    await training.dispose()
    weight.dispose()
    const arenas = created.mock.calls.map(
      ([, options]) => options as unknown as InferenceSession.SessionOptions,
    )
    created.mockClear()
    return { losses, arenas: arenas.slice(-3).map(({ enableCpuMemArena }) => enableCpuMemArena) }
  }
  const all = await train(1e6)
  const some = await train(40)
  expect(all.arenas).toEqual([true, true, true])
  expect(some.arenas).toEqual([true, false, false])
  expect(some.losses).toEqual(all.losses)
  expect(new Set(all.losses).size).toBe(6)
})
