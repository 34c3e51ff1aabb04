import type { Initializer, OnnxGraph, OnnxNode, TensorSpec } from '../graph/onnx-graph'
import { levelsOf } from '../graph/weight-type'
import { createSession } from '../session/session'
import type { CalibrateOptions } from './calibrate'
import { standardNode } from './standard-node'
import { subgraph } from './subgraph'
import { dequantize, quantizeSymmetric } from './symmetric'

/** An operator with a constant weight. */
export interface WeightedNode {
  node: OnnxNode
  weight: string
  /** The axis of the weight that has a scale for each of its places. */
  axis: number
}

/**
 * Runs a float graph on samples, every weighted operator a second time with what 7 bits take from its weight, and reports
 * the share of that in the operator's result, as root mean squares, for each weight. Of a weight that several operators
 * read it is the greatest.
 */
export async function measureSevenBits(
  graph: OnnxGraph,
  weighted: readonly WeightedNode[],
  { samples, session: options }: CalibrateOptions,
): Promise<Map<string, number>> {
  const tensors = new Map(graph.tensors)
  const constants = new Map(graph.initializers.map(initializer => [initializer.name, initializer]))
  const differences = new Map<string, Initializer>()
  const nodes: OnnxNode[] = []
  const describe = (name: string, { type, shape }: Omit<TensorSpec, 'name'>): string => {
    tensors.set(name, { name, type, shape })
    return name
  }
  const squares = (of: string): string => {
    const output = describe(`squares of ${of}`, { type: 'float32', shape: [] })
    nodes.push(standardNode('ReduceSumSquare', [of], output, { attributes: { keepdims: 0 } }))
    return output
  }
  const measured = weighted.map(({ node, weight, axis }) => {
    const constant = constants.get(weight)!
    const difference = differences.get(weight) ?? lostBySevenBits(constant, axis)
    differences.set(weight, difference)
    tensors.set(difference.name, difference)
    const [y] = node.outputs as [string]
    const lost = describe(`lost of ${y}`, tensors.get(y)!)
    // Without the bias: it stays float.
    nodes.push({ ...node, inputs: [node.inputs[0]!, difference.name], outputs: [lost] })
    return { weight, lost: squares(lost), whole: squares(y) }
  })
  const whole: OnnxGraph = {
    ...graph,
    nodes: [...graph.nodes, ...nodes],
    initializers: [...graph.initializers, ...differences.values()],
    tensors,
  }
  const outputs = measured.flatMap(({ lost, whole: all }) => [lost, all])
  const session = await createSession(subgraph(whole, outputs), options)
  const sums = new Map(outputs.map(name => [name, 0]))
  try {
    for (const feeds of samples) {
      const found = await session.run(feeds)
      for (const [name, sum] of sums) sums.set(name, sum + Number(found[name]!.data[0]))
    }
  } finally {
    await session.dispose()
  }
  const shares = new Map<string, number>()
  for (const { weight, lost, whole: all } of measured) {
    const share = Math.sqrt(sums.get(lost)! / Math.max(sums.get(all)!, Number.MIN_VALUE))
    shares.set(weight, Math.max(share, shares.get(weight) ?? 0))
  }
  return shares
}

/** What a weight loses when it is written in 7 bits. */
function lostBySevenBits({ name, shape, data }: Initializer, axis: number): Initializer {
  const levels = levelsOf('int7')
  const values = data as Float32Array
  const restored = dequantize(quantizeSymmetric(values, shape, { axis, levels }), shape, { axis, levels })
  return {
    name: `lost of ${name}`,
    type: 'float32',
    shape,
    data: restored.map((value, i) => value - values[i]!),
  }
}
