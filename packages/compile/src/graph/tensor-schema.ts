import protobuf from 'protobufjs/light.js'
import { TENSOR_MESSAGES } from './tensor-messages'

/**
 * All ways that lead to a tensor in a `.onnx` file, with the field numbers of ONNX's published definition (onnx.proto of ONNX
 * 1.17), and nothing besides: whatever else a file holds is kept as the bytes it is, numbers of 64 bits too.
 */
const root = protobuf.Root.fromJSON({
  nested: {
    ...TENSOR_MESSAGES,
    SparseTensor: { fields: { values: { type: 'Tensor', id: 1 }, indices: { type: 'Tensor', id: 2 } } },
    Attribute: {
      fields: {
        tensor: { type: 'Tensor', id: 5 },
        graph: { type: 'Graph', id: 6 },
        tensors: { rule: 'repeated', type: 'Tensor', id: 10 },
        graphs: { rule: 'repeated', type: 'Graph', id: 11 },
        sparse: { type: 'SparseTensor', id: 22 },
        sparses: { rule: 'repeated', type: 'SparseTensor', id: 23 },
      },
    },
    Node: { fields: { attributes: { rule: 'repeated', type: 'Attribute', id: 5 } } },
    Graph: {
      fields: {
        nodes: { rule: 'repeated', type: 'Node', id: 1 },
        initializers: { rule: 'repeated', type: 'Tensor', id: 5 },
        sparse: { rule: 'repeated', type: 'SparseTensor', id: 15 },
      },
    },
    Function: {
      fields: {
        nodes: { rule: 'repeated', type: 'Node', id: 7 },
        attributes: { rule: 'repeated', type: 'Attribute', id: 11 },
      },
    },
    Training: { fields: { first: { type: 'Graph', id: 1 }, step: { type: 'Graph', id: 2 } } },
    Model: {
      fields: {
        graph: { type: 'Graph', id: 7 },
        training: { rule: 'repeated', type: 'Training', id: 20 },
        functions: { rule: 'repeated', type: 'Function', id: 25 },
      },
    },
  },
})

/** A `.onnx` file of which only the tensors are read. */
export const TensorsOfModel = root.lookupType('Model')

/** A tensor as it stands in a file. */
export interface StoredTensor {
  /** Numbers of 64 bits in whichever form the reader has them. */
  lengths?: { toString(): string }[]
  elementType?: number
  name?: string
  raw?: Uint8Array
  external?: { key?: string; value?: string }[]
  /** 1 where the numbers lie beside the model. */
  location?: number
}

const Tensor = root.lookupType('Tensor').ctor

/** Whether a part of a file is a tensor. */
export const isStoredTensor = (part: unknown): part is StoredTensor => part instanceof Tensor
