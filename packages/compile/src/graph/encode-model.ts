import { InvalidArgumentError } from '@mafjs/tensor'
import type { Dimension, Initializer, OnnxGraph, OnnxNode, TensorSpec } from './onnx-graph'
import { ATTRIBUTE_KINDS, ELEMENT_TYPES, Model } from './onnx-schema'
import type { Attribute } from './value'

/** The version of ONNX's operators that graphs are written in. */
const OPERATOR_SET = 20
const IR_VERSION = 10

/** How a model is written. */
export interface EncodeModelOptions {
  /** Strings that travel with the model. @default none */
  metadata?: Readonly<Record<string, string>> | undefined
  /** Where the numbers of an initializer lie in a file of their own. @default all within the model */
  external?:
    | ((initializer: Initializer) => { location: string; offset: number; length: number } | undefined)
    | undefined
  /**
   * Names an output before all others that is an empty sequence: ONNX Runtime's Node binding then fills the given
   * outputs and refuses to hand them out again, which saves a copy of all of them.
   * @default none
   */
  guard?: string | undefined
}

/** Bytes that one message may have at most, some of which describe the numbers. */
export const MOST_BYTES = 2 ** 31 - 2 ** 20

/**
 * A graph as the bytes of a `.onnx` file.
 *
 * @throws InvalidArgumentError for more numbers than one file can hold.
 */
export function encodeModel(
  graph: OnnxGraph,
  { metadata = {}, external = () => undefined, guard }: EncodeModelOptions = {},
): Uint8Array {
  const within = graph.initializers.filter(initializer => !external(initializer))
  const size = within.reduce((sum, { data }) => sum + data.byteLength, 0)
  if (size > MOST_BYTES) {
    throw new InvalidArgumentError({
      argument: 'graph',
      rule: 'must have less than 2 GiB of numbers to be one file',
      received: `${(size / 2 ** 30).toFixed(1)} GiB`,
      fix: 'Write it as a model with a file of numbers beside it: encodeForFiles.',
    })
  }
  const nodes = graph.nodes.map(encodeNode)
  const outputs: object[] = graph.outputs.map(encodeSpec)
  if (guard !== undefined) {
    nodes.unshift({
      inputs: [],
      outputs: [guard],
      name: 'guard',
      op: 'SequenceEmpty',
      attributes: [],
      domain: '',
    })
    outputs.unshift({
      name: guard,
      type: { sequence: { of: { tensor: { elementType: ELEMENT_TYPES.float32 } } } },
    })
  }
  return Model.encode({
    irVersion: IR_VERSION,
    producer: '@mafjs/compile',
    graph: {
      nodes,
      name: 'program',
      initializers: graph.initializers.map(initializer => {
        const { name, type, shape, data } = initializer
        const place = external(initializer)
        const common = { lengths: shape, elementType: ELEMENT_TYPES[type], name }
        if (!place) return { ...common, raw: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) }
        const entries = Object.entries(place).map(([key, value]) => ({ key, value: String(value) }))
        return { ...common, external: entries, location: 1 }
      }),
      inputs: graph.inputs.map(encodeSpec),
      outputs,
    },
    operators: [
      { domain: '', version: OPERATOR_SET },
      { domain: 'com.microsoft', version: 1 },
    ],
    metadata: Object.entries(metadata).map(([key, value]) => ({ key, value })),
  }).finish()
}

function encodeNode({ op, domain, inputs, outputs, attributes }: OnnxNode, index: number) {
  return {
    inputs,
    outputs,
    // The index leads back from a message of ONNX Runtime to where the program made the node.
    name: `${op}#${index}`,
    op,
    attributes: Object.entries(attributes).map(([name, value]) => encodeAttribute(name, value)),
    domain,
  }
}

function encodeAttribute(name: string, value: Attribute): object {
  if (typeof value === 'number') return { name, integer: value, kind: ATTRIBUTE_KINDS.integer }
  if (typeof value === 'string')
    return { name, text: new TextEncoder().encode(value), kind: ATTRIBUTE_KINDS.text }
  if ('float' in value) return { name, float: value.float, kind: ATTRIBUTE_KINDS.float }
  if ('type' in value) return { name, integer: ELEMENT_TYPES[value.type], kind: ATTRIBUTE_KINDS.integer }
  return { name, integers: value, kind: ATTRIBUTE_KINDS.integers }
}

const encodeLength = (length: Dimension): object =>
  typeof length === 'number' ? { value: length } : { name: length }

const encodeSpec = ({ name, type, shape }: TensorSpec): object => ({
  name,
  type: { tensor: { elementType: ELEMENT_TYPES[type], shape: { lengths: shape.map(encodeLength) } } },
})
