import { expect, test } from 'vitest'
import type { OnnxGraph } from '../../src/graph/onnx-graph'
import { guarded } from '../../src/session/guarded'
import { createSession } from '../../src/session/session'
import { rejection } from '../compile/compare'

/** A pooling that tells places, which ONNX Runtime's cpu can and its WebGPU cannot. */
const graph: OnnxGraph = {
  nodes: [
    {
      ...{ op: 'MaxPool', domain: '', inputs: ['x'], outputs: ['y', 'places'] },
      attributes: { kernel_shape: [2, 2] },
    },
  ],
  inputs: [{ name: 'x', type: 'float32', shape: [1, 1, 2, 2] }],
  outputs: [
    { name: 'y', type: 'float32', shape: [1, 1, 1, 1] },
    { name: 'places', type: 'int64', shape: [1, 1, 1, 1] },
  ],
  initializers: [],
  tensors: new Map(),
}
const x = { data: Float32Array.of(1, 4, 2, 3), shape: [1, 1, 2, 2] }

/** What ONNX Runtime 1.30 said, in Node and in Chromium. */
const MESSAGES = {
  operator:
    "Non-zero status code returned while running MaxPool node. Name:'MaxPool#0_token_1' Status Message: pool.cc:276 " +
    'ComputeInternal The Indices output is not supported yet.\n',
  unnamed: 'failed to call OrtRun(). ERROR_CODE: 1, ERROR_MESSAGE: IsTensor() was false',
  adapter: 'Failed to get a WebGPU adapter: No supported adapters\n',
  library: 'OrtSessionOptionsAppendExecutionProvider_Cuda: Failed to load shared library',
}

const failing = (message: string, executionProvider?: string): Promise<Error> =>
  rejection(
    guarded({ graph, what: 'It failed', session: executionProvider ? { executionProvider } : {} }, () =>
      Promise.reject(new Error(message)),
    ),
  )

test('an operator that an execution provider lacks is named, with the way out, and nobody else is blamed', async () => {
  const { message } = await failing(MESSAGES.operator, 'webgpu')
  expect(message).toMatch(
    /^It failed at MaxPool, made for a constant: the execution provider 'webgpu' of ONNX Runtime lacks what MaxPool needs: /,
  )
  expect(message).toContain("Compute with executionProvider: 'cpu' (in a browser also called 'wasm')")
  expect(message).not.toContain('report')
})

test('where there is no device for an execution provider, that is said', async () => {
  for (const said of [MESSAGES.adapter, MESSAGES.library]) {
    const { message } = await failing(said, 'webgpu')
    expect(message).toMatch(/^It failed: the execution provider 'webgpu' found no device, or no driver/)
    expect(message).toContain("compute with executionProvider: 'cpu'")
    expect(message).not.toContain('report')
  }
})

test('what another execution provider says without a reason may be it, or we', async () => {
  const { message } = await failing(MESSAGES.unnamed, 'webgpu')
  expect(message).toMatch(
    /It may be that the execution provider 'webgpu' .* lacks something.*If that fails too: Look/,
  )
})

test('on cpu and wasm nothing is lacking', async () => {
  for (const provider of [undefined, 'cpu', 'wasm']) {
    const { message } = await failing(MESSAGES.operator, provider)
    expect(message).not.toContain('execution provider')
    expect(message).toContain('this is a fault of @mafjs/compile: please report it.')
  }
})

test('WebGPU computes the pooling, or says which of the two it is that it lacks', async () => {
  const options = { executionProvider: 'webgpu', threads: 1 }
  const run = createSession(graph, options).then(async session => {
    const { places } = await session.run({ x }).finally(() => session.dispose())
    return Number(places!.data[0])
  })
  const result = await run.catch((error: Error) => error.message)
  if (result !== 1)
    expect(result).toMatch(
      /'webgpu' (found no device|of ONNX Runtime lacks what MaxPool)|\[webgpu\] backend not found/,
    )
})
