import type { Initializer, OnnxGraph, OnnxNode, TensorSpec } from '../graph/onnx-graph'

/** A graph that is being rewritten: who makes a tensor, who reads it, and what may be put in its place. */
export class GraphEditor {
  private readonly producers = new Map<string, OnnxNode>()
  private readonly readers = new Map<string, number>()
  private readonly initializers: Map<string, Initializer>
  private nodes: Set<OnnxNode>

  constructor(private readonly graph: OnnxGraph) {
    this.nodes = new Set(graph.nodes)
    this.initializers = new Map(graph.initializers.map(initializer => [initializer.name, initializer]))
    for (const node of graph.nodes) this.index(node, 1)
    for (const { name } of graph.outputs) this.readers.set(name, (this.readers.get(name) ?? 0) + 1)
  }

  /** All nodes as they are now. */
  all(): OnnxNode[] {
    return [...this.nodes]
  }

  /** Whether a node is still part of the graph. */
  has(node: OnnxNode): boolean {
    return this.nodes.has(node)
  }

  /** The node that makes a tensor, if it is of that operator. */
  producer(name: string, op: string): OnnxNode | undefined {
    const node = this.producers.get(name)
    return node?.op === op ? node : undefined
  }

  /** Whether a tensor is given to the graph: nothing that it is computed from can depend on it. */
  isGiven(name: string): boolean {
    return !this.producers.has(name)
  }

  /** Whether two tensors have the same shape. */
  sameShape(name: string, other: string): boolean {
    return `${this.spec(name).shape}` === `${this.spec(other).shape}`
  }

  /** How many inputs of nodes, and outputs of the graph, a tensor is. */
  uses(name: string): number {
    return this.readers.get(name) ?? 0
  }

  /** The one number of a constant. */
  scalar(name: string): number | undefined {
    const data = this.initializers.get(name)?.data
    return data?.length === 1 ? Number(data[0]) : undefined
  }

  /** The constant of that name. */
  constant(name: string): Initializer | undefined {
    return this.initializers.get(name)
  }

  /** The type and shape of a tensor. */
  spec(name: string): TensorSpec {
    return this.graph.tensors.get(name)!
  }

  /** Puts nodes in place of one node; what nobody reads any more goes when the graph is finished. */
  replace(node: OnnxNode, ...by: OnnxNode[]): void {
    this.nodes.delete(node)
    this.index(node, -1)
    this.add(...by)
  }

  /** Names a tensor that a new node makes: as wanted, or like it where that name is taken. */
  fresh(wanted: string, { type, shape }: Pick<TensorSpec, 'type' | 'shape'>): string {
    let name = wanted
    for (let i = 2; this.graph.tensors.has(name); i++) name = `${wanted} ${i}`
    this.graph.tensors.set(name, { name, type, shape })
    return name
  }

  /** Adds nodes beside those that are there. */
  add(...nodes: OnnxNode[]): void {
    for (const node of nodes) {
      this.nodes.add(node)
      this.index(node, 1)
    }
  }

  /** The graph without what no output needs, in an order in which it can run. */
  finish(): OnnxGraph {
    const placed = new Set<OnnxNode>()
    const ordered: OnnxNode[] = []
    const stack = this.graph.outputs.map(({ name }) => name).reverse()
    const wanted = new Set<string>()
    while (stack.length > 0) {
      const name = stack.at(-1)!
      wanted.add(name)
      const node = this.producers.get(name)
      if (!node || placed.has(node)) {
        stack.pop()
        continue
      }
      const missing = node.inputs.filter(input => {
        const before = this.producers.get(input)
        return before !== undefined && !placed.has(before)
      })
      for (const input of node.inputs) wanted.add(input)
      if (missing.length > 0) stack.push(...[...missing].reverse())
      else {
        placed.add(node)
        ordered.push(node)
        stack.pop()
      }
    }
    return {
      ...this.graph,
      nodes: ordered,
      initializers: this.graph.initializers.filter(({ name }) => wanted.has(name)),
    }
  }

  private index(node: OnnxNode, by: 1 | -1): void {
    for (const input of node.inputs) if (input !== '') this.readers.set(input, this.uses(input) + by)
    for (const output of node.outputs) {
      if (output === '') continue
      if (by === 1) this.producers.set(output, node)
      else if (this.producers.get(output) === node) this.producers.delete(output)
    }
  }
}
