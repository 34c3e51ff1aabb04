import type { Tensor } from 'onnxruntime-node'
import type { ElementType, Numbers } from './graph/element-types'
import { loadRuntime } from './session/load-runtime'
import { type HostTensor, type Session, tensorOf } from './session/session'
import { runtimeOptions, type SessionOptions } from './session/session-options'

/** A model from a file, ready to run. */
export interface OpenedModel extends Session {
  /** Names of what it reads. */
  inputs: readonly string[]
  /** Names of what it computes. */
  outputs: readonly string[]
}

/**
 * Gives a `.onnx` file to ONNX Runtime; the numbers that lie beside it are found from its path.
 *
 * @throws Error of ONNX Runtime for a file that is missing or no model.
 */
export async function openOnnx(path: string, options: SessionOptions = {}): Promise<OpenedModel> {
  const runtime = await loadRuntime()
  const session = await runtime.InferenceSession.create(path, runtimeOptions(options))
  const types = new Map(
    session.inputMetadata.map(input => [
      input.name,
      (input.isTensor ? input.type : 'float32') as ElementType,
    ]),
  )
  return {
    inputs: session.inputNames,
    outputs: session.outputNames,
    async run(feeds) {
      const tensors: Record<string, Tensor> = {}
      for (const [name, type] of types) tensors[name] = tensorOf(runtime, type, feeds[name]!)
      const results = Object.entries(await session.run(tensors)) as [string, Tensor][]
      return Object.fromEntries(
        results.map(([name, { data, dims, type }]): [string, HostTensor] => [
          name,
          { data: data as Numbers, shape: dims, type: type as ElementType },
        ]),
      )
    },
    dispose: () => session.release(),
  }
}
