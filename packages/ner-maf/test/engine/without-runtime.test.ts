/** @vitest-environment-options { "processOf": "without-runtime" } */
import { join } from 'node:path'
import { describeEngine, useEngine } from '@mafjs/compile/engine'
import { loadImageEncoder } from '@mafjs/encoders'
import * as tf from '@tensorflow/tfjs-core'
import { expect, test, vi } from 'vitest'

import { folderWith } from '../data/files'

// What Node says of a package that is not there.
vi.mock('onnxruntime-node', () => {
  throw new Error("Cannot find package 'onnxruntime-node' imported from nowhere")
})

test('asked for by name, the engine onnx says what to install', async () => {
  const error = await useEngine({ engine: 'onnx' }).catch((error: Error) => error)
  expect(error).toMatchObject({ name: 'InvalidArgumentError' })
  expect((error as Error).message).toMatch(/onnx only where ONNX Runtime can be loaded/)
  expect((error as Error).message).toMatch(/npm install onnxruntime-node, or ask for the engine tfjs\.$/)
})

test('auto takes tfjs and says why', async () => {
  const engine = await useEngine()
  expect(tf.getBackend()).toBe('wasm')
  expect(engine).toMatchObject({ name: 'tfjs', backend: 'wasm' })
  expect(describeEngine(engine)).toMatch(/^Engine: tfjs, backend wasm \(.*npm install onnxruntime-node/)
  await expect(useEngine({ threads: 2 })).rejects.toThrow(
    /^threads must be left out .*npm install onnxruntime-node/,
  )
})

test('an ONNX image encoder needs it on every engine, and says so', async () => {
  const file = join(await folderWith({ 'a.onnx': 'a model' }), 'a.onnx')
  await expect(loadImageEncoder(file, { onnx: { regionsOutput: 'a' } })).rejects.toThrow(
    /a\.onnx needs ONNX Runtime, whichever engine computes the rest\. .*npm install onnxruntime-node\.$/,
  )
})
