import { createSession, type Feed, type Initializer, type OnnxGraph, type OnnxNode } from '../../src'
import type { Numbers } from '../../src/graph/element-types'

/** Numbers between -1 and 1, always the same. */
export function draw(count: number, seed = 1): Float32Array {
  let state = seed
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
    return (2 * state) / 0x7fffffff - 1
  })
}

/** A constant of a graph. */
export const constant = (
  name: string,
  shape: readonly number[],
  data: Numbers,
  type: Initializer['type'] = 'float32',
): Initializer => ({ name, type, shape, data })

/** An operator of ONNX with one output. */
export const op = (
  name: string,
  inputs: readonly string[],
  output: string,
  attributes: OnnxNode['attributes'] = {},
): OnnxNode => ({ op: name, domain: '', inputs, outputs: [output], attributes })

/** A graph of one float input `x` and one float output `y`. */
export function graphOf(
  shapes: { x: readonly (number | string)[]; y: readonly (number | string)[] },
  nodes: OnnxNode[],
  initializers: Initializer[],
): OnnxGraph {
  const x = { name: 'x', type: 'float32' as const, shape: shapes.x }
  const y = { name: 'y', type: 'float32' as const, shape: shapes.y }
  const tensors = new Map<string, OnnxGraph['inputs'][number]>([
    ['x', x],
    ...initializers.map(initializer => [initializer.name, initializer] as const),
  ])
  // The passes need no shapes of what lies between, only that it is known.
  for (const name of nodes.flatMap(({ outputs }) => outputs))
    tensors.set(name, { name, type: 'float32', shape: [] })
  tensors.set('y', y)
  return { nodes, inputs: [x], outputs: [y], initializers, tensors }
}

/** What ONNX Runtime makes of `x`. */
export async function run(graph: OnnxGraph, x: Feed): Promise<number[]> {
  const session = await createSession(graph, { threads: 1 })
  try {
    return [...((await session.run({ x })).y!.data as Float32Array)]
  } finally {
    await session.dispose()
  }
}

/** How many nodes of an operator a graph has. */
export const countOf = ({ nodes }: OnnxGraph, name: string): number =>
  nodes.filter(node => node.op === name).length

/** Rounds halves to the even neighbour, as ONNX's operators do. */
export function roundEven(value: number): number {
  const below = Math.floor(value)
  if (value - below !== 0.5) return Math.round(value)
  return below % 2 === 0 ? below : below + 1
}

/** The largest difference of two lists, relative to the largest number of the first. */
export function relativeDistance(expected: readonly number[], received: readonly number[]): number {
  const largest = Math.max(...expected.map(Math.abs))
  return (
    Math.max(
      Math.abs(expected.length - received.length),
      ...expected.map((value, i) => Math.abs(value - received[i]!)),
    ) / largest
  )
}
