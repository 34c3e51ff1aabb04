/** @vitest-environment-options { "processOf": "without-runtime" } */
import { join } from 'node:path'
import { describeEngine, useBackend, useEngine } from '@mafjs/compile/engine'
import { loadImageEncoder } from '@mafjs/encoders'
import * as tf from '@tensorflow/tfjs-core'
import { expect, test, vi } from 'vitest'
import { writeTinyCheckpoint } from '../checkpoint/tiny-checkpoint'
import { here } from '../cli/command'
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

test('the command line goes on with tfjs, or stops in one line', async () => {
  await useBackend('cpu')
  const model = join(await folderWith(), 'model')
  await writeTinyCheckpoint(model, { pictures: false })
  const post = ['predict', '--model', model, '--text', 'kevin loves paris', '--json']
  const shown = await here(...post)
  expect(shown.code).toBe(0)
  expect(JSON.parse(shown.stdout).entities).toBeInstanceOf(Array)
  expect(shown.stderr).toMatch(/^Engine: tfjs, backend wasm \(.*npm install onnxruntime-node[^\n]*\n$/)
  const refused = await here(...post, '--engine', 'onnx')
  expect(refused).toMatchObject({ code: 1, stdout: '' })
  expect(refused.stderr).toMatch(/^InvalidArgumentError: engine [^\n]*npm install onnxruntime-node[^\n]*\n$/)
})
