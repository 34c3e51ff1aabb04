import type { OnnxGraph, OnnxNode } from '../graph/onnx-graph'

/** Computes once what is computed twice: nodes of the same operator, attributes and inputs become one. */
export function shareEqualNodes(graph: OnnxGraph): OnnxGraph {
  const renamed = new Map<string, string>()
  const known = new Map<string, OnnxNode>()
  const outputs = new Set(graph.outputs.map(({ name }) => name))
  const nodes: OnnxNode[] = []
  for (const node of graph.nodes) {
    const inputs = node.inputs.map(input => renamed.get(input) ?? input)
    const key = `${node.domain}${node.op}(${inputs})${JSON.stringify(node.attributes)}${node.outputs.length}`
    const same = known.get(key)
    // An output of the graph keeps its own node, since it must keep its name.
    if (same && !node.outputs.some(output => outputs.has(output))) {
      for (const [i, output] of node.outputs.entries()) renamed.set(output, same.outputs[i]!)
      continue
    }
    const shared = { ...node, inputs }
    if (!same) known.set(key, shared)
    nodes.push(shared)
  }
  return { ...graph, nodes }
}
