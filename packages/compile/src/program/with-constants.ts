import type { Initializer, OnnxGraph } from '../graph/onnx-graph'
import type { HostTensor } from '../session/session'

/** A graph some of whose inputs are part of it. */
export function withConstants(graph: OnnxGraph, constants: Readonly<Record<string, HostTensor>>): OnnxGraph {
  const fixed = graph.inputs
    .filter(({ name }) => constants[name])
    .map(({ name }): Initializer => {
      const { data, shape, type } = constants[name]!
      return { name, type, shape, data }
    })
  return {
    ...graph,
    inputs: graph.inputs.filter(({ name }) => !constants[name]),
    initializers: [...graph.initializers, ...fixed],
  }
}
