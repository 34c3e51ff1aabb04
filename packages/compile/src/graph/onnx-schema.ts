import protobuf from 'protobufjs/light.js'
import { TENSOR_MESSAGES } from './tensor-messages'

/**
 * The messages of the ONNX format that this package writes, with the field numbers of its published definition
 * (onnx.proto of ONNX 1.17, IR version 10). What is never written is left out.
 */
const root = protobuf.Root.fromJSON({
  nested: {
    Operator: { fields: { domain: { type: 'string', id: 1 }, version: { type: 'int64', id: 2 } } },
    ...TENSOR_MESSAGES,
    Length: { fields: { value: { type: 'int64', id: 1 }, name: { type: 'string', id: 2 } } },
    Shape: { fields: { lengths: { rule: 'repeated', type: 'Length', id: 1 } } },
    TensorType: { fields: { elementType: { type: 'int32', id: 1 }, shape: { type: 'Shape', id: 2 } } },
    SequenceType: { fields: { of: { type: 'Type', id: 1 } } },
    Type: { fields: { tensor: { type: 'TensorType', id: 1 }, sequence: { type: 'SequenceType', id: 4 } } },
    ValueInfo: { fields: { name: { type: 'string', id: 1 }, type: { type: 'Type', id: 2 } } },
    Attribute: {
      fields: {
        name: { type: 'string', id: 1 },
        float: { type: 'float', id: 2 },
        integer: { type: 'int64', id: 3 },
        text: { type: 'bytes', id: 4 },
        integers: { rule: 'repeated', type: 'int64', id: 8 },
        kind: { type: 'int32', id: 20 },
      },
    },
    Node: {
      fields: {
        inputs: { rule: 'repeated', type: 'string', id: 1 },
        outputs: { rule: 'repeated', type: 'string', id: 2 },
        name: { type: 'string', id: 3 },
        op: { type: 'string', id: 4 },
        attributes: { rule: 'repeated', type: 'Attribute', id: 5 },
        domain: { type: 'string', id: 7 },
      },
    },
    Graph: {
      fields: {
        nodes: { rule: 'repeated', type: 'Node', id: 1 },
        name: { type: 'string', id: 2 },
        initializers: { rule: 'repeated', type: 'Tensor', id: 5 },
        inputs: { rule: 'repeated', type: 'ValueInfo', id: 11 },
        outputs: { rule: 'repeated', type: 'ValueInfo', id: 12 },
      },
    },
    Model: {
      fields: {
        irVersion: { type: 'int64', id: 1 },
        producer: { type: 'string', id: 2 },
        graph: { type: 'Graph', id: 7 },
        operators: { rule: 'repeated', type: 'Operator', id: 8 },
        metadata: { rule: 'repeated', type: 'Entry', id: 14 },
      },
    },
  },
})

/** The message a `.onnx` file is. */
export const Model = root.lookupType('Model')

/** The numbers ONNX gives its element types. */
export const ELEMENT_TYPES = { float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7, bool: 9 } as const

/** The numbers ONNX gives the kinds of attributes. */
export const ATTRIBUTE_KINDS = { float: 1, integer: 2, text: 3, integers: 7 } as const
