import type { InferenceSession, Tensor } from 'onnxruntime-node'
import { type ElementType, type Numbers, numbersOf } from '../graph/element-types'
import { encodeModel } from '../graph/encode-model'
import type { OnnxGraph } from '../graph/onnx-graph'
import { guarded } from './guarded'
import { loadRuntime, type Runtime } from './load-runtime'
import { runtimeOptions, type SessionOptions } from './session-options'

/** Numbers with their shape and type, as a session gives them. */
export interface HostTensor {
  data: Numbers
  shape: readonly number[]
  type: ElementType
}

/** What a session is given; the type is the graph's. */
export type Feed = Pick<HostTensor, 'data' | 'shape'>

/** A graph that ONNX Runtime holds ready. */
export interface Session {
  /** Runs it; what is given is read where it lies. */
  run(feeds: Readonly<Record<string, Feed>>): Promise<Record<string, HostTensor>>
  dispose(): Promise<void>
}

/**
 * Gives a graph to ONNX Runtime.
 *
 * @throws CompileError that names the operation at fault and where the program called it.
 */
export async function createSession(graph: OnnxGraph, options: SessionOptions = {}): Promise<Session> {
  const runtime = await loadRuntime()
  const chosen = runtimeOptions(options)
  const session = await guarded(graph, 'ONNX Runtime refused the compiled program', () =>
    runtime.InferenceSession.create(encodeModel(graph), chosen),
  )
  return {
    async run(feeds) {
      const tensors: Record<string, Tensor> = {}
      for (const { name, type } of graph.inputs) tensors[name] = tensorOf(runtime, type, feeds[name]!)
      const results = await guarded(graph, 'The compiled program failed while it ran', () =>
        session.run(tensors),
      )
      return Object.fromEntries(Object.entries(results).map(([name, result]) => [name, hostTensor(result)]))
    },
    dispose: () => session.release(),
  }
}

/** Numbers as ONNX Runtime takes them; they are not copied. */
export function tensorOf(runtime: Runtime, type: ElementType, { data, shape }: Feed): Tensor {
  return new runtime.Tensor(type as 'float32', numbersOf(type, data) as Float32Array, [...shape])
}

const hostTensor = (result: InferenceSession.OnnxValueMapType[string]): HostTensor => {
  const { data, dims, type } = result as Tensor
  return { data: data as Numbers, shape: dims, type: type as ElementType }
}
