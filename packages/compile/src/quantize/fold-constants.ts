import { sizeOf } from '../graph/element-types'
import type { Initializer, OnnxGraph, OnnxNode } from '../graph/onnx-graph'
import { createSession } from '../session/session'
import { subgraph } from './subgraph'

/** What draws numbers, or is small as a node and large as numbers. */
const KEPT = /^(Expand|ConstantOfShape|Tile|Sequence.*|Random.*|Multinomial|Bernoulli)$/

/**
 * Computes once what depends on constants alone, such as a weight that is transposed and scaled, and makes it a
 * constant, named after the largest one it was made of.
 */
export async function foldConstants(graph: OnnxGraph): Promise<OnnxGraph> {
  const roots = new Map(graph.initializers.map(({ name, shape }) => [name, { name, size: sizeOf(shape) }]))
  const initializers = new Set(roots.keys())
  const folded = new Set<OnnxNode>()
  for (const node of graph.nodes) {
    const inputs = node.inputs.filter(input => input !== '')
    if (inputs.length === 0 || KEPT.test(node.op) || !inputs.every(input => roots.has(input))) continue
    folded.add(node)
    const largest = inputs.map(input => roots.get(input)!).reduce((a, b) => (b.size > a.size ? b : a))
    for (const output of node.outputs) roots.set(output, largest)
  }
  const rest = graph.nodes.filter(node => !folded.has(node))
  const read = new Set([...rest.flatMap(({ inputs }) => inputs), ...graph.outputs.map(({ name }) => name)])
  const results = [...folded].flatMap(({ outputs }) => outputs).filter(output => read.has(output))
  if (results.length === 0) return graph

  const part = subgraph(
    { ...graph, inputs: graph.initializers.map(({ name, type, shape }) => ({ name, type, shape })) },
    results,
  )
  // As inputs the constants are read where they lie; as part of the program they would be written and copied.
  const session = await createSession({ ...part, initializers: [] })
  const feeds = Object.fromEntries(graph.initializers.map(initializer => [initializer.name, initializer]))
  const values = await session.run(feeds)
  await session.dispose()

  const taken = new Set([...graph.tensors.keys(), ...initializers])
  const names = new Map<string, string>()
  const made = results.map((result): Initializer => {
    const name = isOutput(graph, result) ? result : freeName(`${roots.get(result)!.name}_folded`, taken)
    names.set(result, name)
    return { name, ...values[result]! }
  })
  const nodes = rest.map(node => ({ ...node, inputs: node.inputs.map(input => names.get(input) ?? input) }))
  const used = new Set([...nodes.flatMap(({ inputs }) => inputs), ...graph.outputs.map(({ name }) => name)])
  const tensors = new Map(graph.tensors)
  for (const { name, type, shape } of made) tensors.set(name, { name, type, shape })
  return {
    ...graph,
    nodes,
    initializers: [...graph.initializers, ...made].filter(({ name }) => used.has(name)),
    tensors,
  }
}

const isOutput = ({ outputs }: OnnxGraph, name: string): boolean =>
  outputs.some(output => output.name === name)

function freeName(wanted: string, taken: Set<string>): string {
  let name = wanted
  for (let count = 2; taken.has(name); count++) name = `${wanted}_${count}`
  taken.add(name)
  return name
}
