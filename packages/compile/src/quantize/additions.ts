import type { ElementType, Numbers } from '../graph/element-types'
import type { Initializer, TensorSpec } from '../graph/onnx-graph'

/** Tensors and constants that a pass adds to a graph, under names that the graph does not have yet. */
export class Additions {
  readonly initializers: Initializer[] = []

  constructor(private readonly tensors: Map<string, TensorSpec>) {}

  /** A constant, as close to the wanted name as possible. */
  constant(wanted: string, type: ElementType, shape: readonly number[], data: Numbers): string {
    const name = this.tensor(wanted, { type, shape })
    this.initializers.push({ name, type, shape, data })
    return name
  }

  /** A tensor that a node makes, as close to the wanted name as possible. */
  tensor(wanted: string, { type, shape }: Omit<TensorSpec, 'name'>): string {
    let name = wanted
    for (let count = 2; this.tensors.has(name); count++) name = `${wanted}_${count}`
    this.tensors.set(name, { name, type, shape })
    return name
  }
}
