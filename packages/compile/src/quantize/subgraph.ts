import type { OnnxGraph, OnnxNode } from '../graph/onnx-graph'

/** The part of a graph that computes some of its tensors, and reads no more than that needs. */
export function subgraph(graph: OnnxGraph, outputs: readonly string[]): OnnxGraph {
  const wanted = new Set(outputs)
  const nodes: OnnxNode[] = []
  // Nodes stand in an order in which they can run: from the end, whoever reads a tensor is seen before its maker.
  for (const node of [...graph.nodes].reverse()) {
    if (!node.outputs.some(output => wanted.has(output))) continue
    nodes.push(node)
    for (const input of node.inputs) wanted.add(input)
  }
  return {
    ...graph,
    nodes: nodes.reverse(),
    inputs: graph.inputs.filter(({ name }) => wanted.has(name)),
    outputs: outputs.map(name => graph.tensors.get(name)!),
    initializers: graph.initializers.filter(({ name }) => wanted.has(name)),
  }
}
