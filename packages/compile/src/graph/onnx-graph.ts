import type { ElementType, Numbers } from './element-types'
import type { Origin } from './origin'
import type { Attribute } from './value'

/** A length of an axis, or the name of a dimension that is known only when the graph runs. */
export type Dimension = number | string

/** A tensor of a graph; its shape is what was recorded, each length possibly a symbolic dimension. */
export interface TensorSpec {
  name: string
  type: ElementType
  shape: readonly Dimension[]
}

/** One operator of a graph; inputs and outputs are names, `''` an input that is left out. */
export interface OnnxNode {
  op: string
  domain: '' | 'com.microsoft'
  inputs: readonly string[]
  outputs: readonly string[]
  attributes: Readonly<Record<string, Attribute>>
  origin?: Origin
}

/** A tensor whose numbers belong to the graph. */
export interface Initializer extends TensorSpec {
  shape: readonly number[]
  data: Numbers
  origin?: Origin
}

/** A graph as ONNX has it: nodes in an order in which they can run. */
export interface OnnxGraph {
  nodes: OnnxNode[]
  inputs: TensorSpec[]
  outputs: TensorSpec[]
  initializers: Initializer[]
  /** What every name is, for the passes that rewrite the graph. */
  tensors: Map<string, TensorSpec>
}
