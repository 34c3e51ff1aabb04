/** @vitest-environment-options { "processOf": "without-runtime" } */
import { join } from 'node:path'
import { useBackend } from '@mafjs/compile/engine'
import { expect, test, vi } from 'vitest'
import { writeTinyCheckpoint } from '../../ner-maf/test/checkpoint/tiny-checkpoint'
import { folderWith } from '../../ner-maf/test/data/files'
import { here } from './commands/command'

// What Node says of a package that is not there.
vi.mock('onnxruntime-node', () => {
  throw new Error("Cannot find package 'onnxruntime-node' imported from nowhere")
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
  expect(refused).toMatchObject({ code: 69, stdout: '' })
  expect(refused.stderr).toMatch(
    /^InvalidArgumentError: --engine [^\n]*npm install onnxruntime-node[^\n]*\n$/,
  )
})
