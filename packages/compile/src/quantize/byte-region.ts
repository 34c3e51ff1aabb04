import type { OnnxGraph, OnnxNode } from '../graph/onnx-graph'

/** A tensor that is kept as uint8. */
export interface ByteTensor {
  /** The tensor whose range it has: its own name, or that of the tensor whose numbers it moves. */
  rangeOf: string
}

/** The part of a graph that can run on bytes. */
export interface ByteRegion {
  convolutions: OnnxNode[]
  /** What nodes of the region make, by name. */
  made: Map<string, ByteTensor>
  /** What convolutions read that no node of the region makes. */
  entries: Set<string>
  /** What the region makes for others. */
  exits: string[]
  /** A node and the activation behind it that saturation does as well: the activation's result is the node's. */
  absorbed: Map<OnnxNode, OnnxNode>
}

/** Operators whose result is made of numbers of their input. */
const MOVING = new Set(['MaxPool', 'Transpose', 'Reshape'])
/** Operators that compute with all their inputs, each of which must be bytes. */
const COMPUTING = new Set(['Add', 'Concat', 'AveragePool', 'GlobalAveragePool', 'Relu', 'Clip'])

/** Finds the convolutions with constant weights and the operators between them that compute on bytes too. */
export function findByteRegion(graph: OnnxGraph): ByteRegion {
  const constants = new Map(graph.initializers.map(initializer => [initializer.name, initializer]))
  const isFloat = (name: string): boolean => constants.get(name)?.type === 'float32'
  const outputs = new Set(graph.outputs.map(({ name }) => name))
  const readers = new Map<string, OnnxNode[]>()
  for (const node of graph.nodes) {
    for (const input of node.inputs) readers.set(input, [...(readers.get(input) ?? []), node])
  }
  const convolutions: OnnxNode[] = []
  const made = new Map<string, ByteTensor>()
  const entries = new Set<string>()
  const absorbed = new Map<OnnxNode, OnnxNode>()
  const inside = new Set<OnnxNode>()

  /** The tensor that holds the node's result, behind an activation that cuts off at zero as bytes do. */
  const resultOf = (node: OnnxNode): string => {
    const [output] = node.outputs as [string]
    const [next, ...others] = readers.get(output) ?? []
    if (!next || others.length > 0 || outputs.has(output) || !cutsAtZero(next)) return output
    absorbed.set(node, next)
    inside.add(next)
    return next.outputs[0]!
  }
  const cutsAtZero = ({ op, inputs }: OnnxNode): boolean =>
    op === 'Relu' || (op === 'Clip' && Number(constants.get(inputs[1] ?? '')?.data[0]) === 0)

  for (const node of graph.nodes) {
    if (node.domain !== '' || inside.has(node)) continue
    const [x, weight, bias] = node.inputs as [string, string | undefined, string | undefined]
    if (node.op === 'Conv' && isFloat(weight!) && (!bias || isFloat(bias))) {
      if (!made.has(x)) entries.add(x)
      convolutions.push(node)
    } else if (MOVING.has(node.op) && made.has(x)) {
      inside.add(node)
      made.set(node.outputs[0]!, { rangeOf: made.get(x)!.rangeOf })
      continue
    } else {
      const data = node.op === 'Clip' ? [x] : node.inputs
      if (!COMPUTING.has(node.op) || !data.every(input => made.has(input))) continue
    }
    inside.add(node)
    const result = resultOf(node)
    made.set(result, { rangeOf: result })
  }
  const isExit = (name: string): boolean =>
    outputs.has(name) || readers.get(name)?.some(node => !inside.has(node)) === true
  return { convolutions, made, entries, absorbed, exits: [...made.keys()].filter(isExit) }
}
