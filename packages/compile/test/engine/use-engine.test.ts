import { availableThreads } from '@mafjs/compile'
import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { findTfjsNode } from '../../src/engine/load-tfjs-node'
import { describeEngine, type EngineOptions, useEngine } from '../../src/engine/use-engine'

/** What computes where nobody says how many threads. */
const available = availableThreads() === 1 ? '1 thread' : `${availableThreads()} threads`

describe('useEngine', () => {
  test.each<[EngineOptions, string, string]>([
    [{}, 'onnx', `Engine: onnx, ${available}`],
    [{ threads: 2 }, 'onnx', 'Engine: onnx, 2 threads'],
    [{ engine: 'onnx', threads: 1 }, 'onnx', 'Engine: onnx, 1 thread'],
    [{ worker: true }, 'onnx', `Engine: onnx, ${available}, in a worker`],
    [{ backend: 'wasm' }, 'wasm', 'Engine: tfjs, backend wasm'],
    [{ backend: 'cpu' }, 'cpu', 'Engine: tfjs, backend cpu'],
    [{ engine: 'tfjs', backend: 'cpu' }, 'cpu', 'Engine: tfjs, backend cpu'],
  ])('%j starts %s', async (options, backend, description) => {
    const engine = await useEngine(options)
    expect(tf.getBackend()).toBe(backend)
    expect(describeEngine(engine)).toBe(description)
  })

  test.skipIf(findTfjsNode() !== undefined)(
    'tfjs without a backend is wasm where no tfjs-node is',
    async () => {
      expect(describeEngine(await useEngine({ engine: 'tfjs' }))).toBe('Engine: tfjs, backend wasm')
      await expect(useEngine({ engine: 'tfjs', threads: 2 })).rejects.toThrow('engine tfjs on wasm')
    },
  )

  test.each<[object, string]>([
    [{ engine: 'gpu' }, 'engine must be one of auto, onnx, tfjs. Received: gpu.'],
    [{ backend: 'webgl' }, 'backend must be one of auto, tensorflow, wasm, cpu. Received: webgl.'],
    [{ engine: 'onnx', backend: 'wasm' }, 'backend must be left out with the engine onnx'],
    [
      { backend: 'cpu', threads: 2 },
      'threads must be left out with the engine tfjs on cpu, which computes on one',
    ],
    [{ engine: 'tfjs', worker: true }, 'worker must be left out with the engine tfjs'],
    [{ threads: 0 }, 'threads must be a whole number from 1 to 256. Received: 0.'],
    [{ threads: 257 }, 'threads must be a whole number from 1 to 256. Received: 257.'],
  ])('%j is refused', async (options, message) => {
    await expect(useEngine(options)).rejects.toThrow(message)
  })
})
