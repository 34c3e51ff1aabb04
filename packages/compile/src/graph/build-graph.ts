import { type Lengths, symbolicLengths } from './dimensions'
import { GraphWriter } from './graph-writer'
import type { OnnxGraph } from './onnx-graph'
import type { Node, Value } from './value'

/** What a graph is built from. */
export interface BuildGraphOptions {
  outputs: readonly { name: string; value: Value }[]
  /** Inputs that the graph has even where nothing reads them, in this order. @default none */
  inputs?: readonly { name: string; value: Value }[] | undefined
  /** Names that inputs have which are only met on the way. @default none */
  taken?: Iterable<string> | undefined
  /** @default every length is a number */
  lengths?: Lengths | undefined
}

/** A graph and where the numbers of its `host` inputs are. */
export interface BuiltGraph {
  graph: OnnxGraph
  /** Inputs that JavaScript has the numbers of, by name. */
  hosts: Map<string, Value>
  /** How long symbolic dimensions must be at least: a slice that ends beyond them would be cut short in silence. */
  shortest: Map<string, number>
}

/** Collects what the outputs need, in an order in which it can run, under names. */
export function buildGraph({
  outputs,
  inputs = [],
  taken = [],
  lengths = symbolicLengths(new Map()),
}: BuildGraphOptions): BuiltGraph {
  const names = new Set([...taken, ...inputs.map(({ name }) => name), ...outputs.map(({ name }) => name)])
  return new GraphBuilder(new GraphWriter(lengths, names), lengths).build(outputs, inputs)
}

class GraphBuilder {
  private readonly names = new Map<Value, string>()
  private readonly outputNames = new Map<Value, string>()
  private readonly hosts = new Map<string, Value>()

  private readonly shortest = new Map<string, number>()

  constructor(
    private readonly writer: GraphWriter,
    private readonly lengths: Lengths,
  ) {}

  build(outputs: BuildGraphOptions['outputs'], inputs: NonNullable<BuildGraphOptions['inputs']>): BuiltGraph {
    const { writer } = this
    for (const { name, value } of inputs) this.input(name, value)
    for (const { name, value } of outputs) if (value.source.kind === 'node') this.outputNames.set(value, name)
    for (const { value } of outputs) this.visit(value)
    for (const { name, value } of outputs) {
      // What no node makes, and a value that is another output too, is copied under this name.
      if (this.names.get(value) !== name) writer.node('Identity', [this.names.get(value)!], value, {}, name)
      writer.graph.outputs.push(writer.describe(name, value))
    }
    return { graph: writer.graph, hosts: this.hosts, shortest: this.shortest }
  }

  /** Emits the node that makes a value, after all nodes it needs; graphs are too deep for recursion. */
  private visit(wanted: Value): void {
    const stack: Value[] = [wanted]
    while (stack.length > 0) {
      const value = stack.at(-1)!
      if (this.names.has(value)) {
        stack.pop()
        continue
      }
      if (value.source.kind !== 'node') {
        this.names.set(value, this.leaf(value))
        stack.pop()
        continue
      }
      const { node } = value.source
      const missing = node.inputs.filter(input => input !== undefined && !this.names.has(input))
      if (missing.length > 0) stack.push(...(missing as Value[]).reverse())
      else {
        this.emit(node)
        stack.pop()
      }
    }
  }

  private emit(node: Node): void {
    if (node.op === 'Slice') this.noteEnds(node)
    for (const output of node.outputs) {
      const name = this.outputNames.get(output) ?? this.writer.fresh('v')
      this.names.set(output, this.writer.describe(name, output).name)
    }
    this.writer.graph.nodes.push({
      op: node.op,
      domain: node.domain,
      inputs: node.inputs.map(input => (input ? this.names.get(input)! : '')),
      outputs: node.outputs.map(output => this.names.get(output)!),
      attributes: node.attributes,
      origin: node.origin,
    })
  }

  /** Notes how much a slice takes of symbolic dimensions. */
  private noteEnds({ inputs: [x, , ends, axes] }: Node): void {
    if (ends?.source.kind !== 'sizes' || axes?.source.kind !== 'constant') return
    for (const [i, end] of ends.source.sizes.entries()) {
      const length = x!.shape[Number(axes.source.data[i])]!
      const { dimensions, factor } = this.lengths.factors(length)
      const [name, other] = dimensions
      if (name === undefined || other !== undefined || end >= length) continue
      if (this.lengths.factors(end).dimensions.length > 0) continue
      this.shortest.set(name, Math.max(Math.ceil(end / factor), this.shortest.get(name) ?? 0))
    }
  }

  private leaf(value: Value): string {
    const { source } = value
    switch (source.kind) {
      case 'constant':
        return this.writer.constant(value, source.data, source.origin)
      case 'filled':
        return this.writer.filled(source.value, value)
      case 'sizes':
        return this.writer.sizes(source.sizes)
      case 'input':
        return this.input(source.name, value)
      case 'host': {
        const name = this.writer.fresh('host')
        this.hosts.set(name, value)
        return this.input(name, value)
      }
      default:
        throw new Error('A node is no leaf.')
    }
  }

  private input(name: string, value: Value): string {
    this.names.set(value, name)
    this.writer.graph.inputs.push(this.writer.describe(name, value))
    return name
  }
}
