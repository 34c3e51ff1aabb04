import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { linear } from '@mafjs/tensor'
import { registerGradients } from '@mafjs/tensor/gradients'
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { InferenceSession } from 'onnxruntime-node'
import { beforeAll, describe, expect, it } from 'vitest'
import { encodeModel } from '../../src/graph/encode-model'
import type { OnnxGraph } from '../../src/graph/onnx-graph'
import { optimize } from '../../src/rewrite/optimize'
import { createSession } from '../../src/session/session'
import { runtimeOptions } from '../../src/session/session-options'
import { QUIET } from '../compile/compare'
import { draw } from '../quantize/graphs'
import { rewritten } from './programs'

beforeAll(async () => {
  await tf.setBackend('cpu')
  registerGradients()
})

/** `(x^T y)^T`, as the gradient of a layer's weights is recorded; x is `[rows, inside]`, y `[rows, outside]`. */
function gradientGraph(inside: number, outside: number, rows: number | string = 'batch'): OnnxGraph {
  const of = (name: string, shape: (number | string)[]) => ({ name, type: 'float32' as const, shape })
  const [x, y] = [of('x', [rows, inside]), of('y', [rows, outside])]
  const [product, gradient] = [of('product', [inside, outside]), of('gradient', [outside, inside])]
  const node = (op: string, inputs: string[], output: string, attributes: object) => ({
    ...{ op, domain: '' as const, inputs, outputs: [output], attributes: { ...attributes } },
  })
  return {
    nodes: [
      node('Gemm', ['x', 'y'], 'product', { transA: 1, transB: 0 }),
      node('Transpose', ['product'], 'gradient', { perm: [1, 0] }),
    ],
    inputs: [x, y],
    outputs: [gradient],
    initializers: [],
    tensors: new Map([x, y, product, gradient].map(spec => [spec.name, spec])),
  }
}

const shown = ({ nodes }: OnnxGraph): string[] =>
  nodes.map(({ op, inputs, attributes }) => `${op}(${inputs}) ${JSON.stringify(attributes)}`)

describe('a gradient of weights', () => {
  it('is one product with what comes from above, which is transposed before it', () => {
    expect(shown(optimize(gradientGraph(256, 300)))).toEqual([
      'Transpose(y) {"perm":[1,0]}',
      'Gemm(gradient_left,x) {"transA":0,"transB":0}',
    ])
  })

  it('of few columns is transposed within the product', () => {
    expect(shown(optimize(gradientGraph(255, 300)))).toEqual(['Gemm(y,x) {"transA":1,"transB":0}'])
  })

  it('has every number of the product as it was recorded, for any number of rows', async () => {
    const graph = gradientGraph(256, 37)
    const [plain, fast] = [await createSession(graph, QUIET), await createSession(optimize(graph), QUIET)]
    for (const rows of [1, 5, 200]) {
      const feeds = {
        x: { data: draw(rows * 256, rows), shape: [rows, 256] },
        y: { data: draw(rows * 37, rows + 1), shape: [rows, 37] },
      }
      const [expected, found] = [await plain.run(feeds), await fast.run(feeds)]
      expect(found['gradient']!.shape).toEqual([37, 256])
      const sums = expected['gradient']!.data as Float32Array
      const largest = Math.max(...sums.map(Math.abs))
      for (const [i, sum] of sums.entries()) {
        expect(Math.abs(Number(found['gradient']!.data[i]) - sum) / largest).toBeLessThan(1e-6)
      }
    }
    await Promise.all([plain.dispose(), fast.dispose()])
  })

  it('stays so in ONNX Runtime', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'products-'))
    try {
      const optimizedModelFilePath = join(folder, 'optimised.onnx')
      const options = { ...runtimeOptions(QUIET, { exactBytes: false }), optimizedModelFilePath }
      const session = await InferenceSession.create(encodeModel(optimize(gradientGraph(256, 300))), options)
      await session.release()
      // Protobuf: field 4 of a node, its operator, in nine letters.
      expect((await readFile(optimizedModelFilePath)).includes('\x22\x09Transpose')).toBe(true)
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('that is used twice is a sum of products, none of which is transposed after it', async () => {
    const { before, after, optimised } = await rewritten(({ rows, square }) => {
      const twice = (weight: tf.Tensor): tf.Tensor =>
        tf.add(tf.square(linear(rows!, weight as tf.Tensor2D)), tf.exp(linear(rows!, weight as tf.Tensor2D)))
      return tf.grad(weight => tf.sum(twice(weight)))(square!)
    })
    expect([before['Transpose'], after['Transpose']]).toEqual([1, undefined])
    const products = optimised.nodes.filter(({ op }) => op === 'Gemm')
    expect(products.filter(({ attributes }) => attributes['transA'] === 1).length).toBe(2)
  })

  it('of a layer is recorded so', async () => {
    const { before, optimised } = await rewritten(({ rows, weight }) => {
      const x = tf.tile(rows!, [1, 43])
      const loss = (given: tf.Tensor): tf.Tensor => tf.sum(tf.square(linear(x, given as tf.Tensor2D)))
      return tf.grad(loss)(tf.tile(weight!, [1, 43]))
    })
    expect(before['Gemm']).toBe(2)
    const products = optimised.nodes.filter(({ op }) => op === 'Gemm')
    expect(products.map(({ attributes }) => attributes['transA'])).toEqual([0, 0])
    expect(optimised.nodes.filter(({ op }) => op === 'Transpose').length).toBe(1)
  })
})
