/** A tensor as ONNX stores it, and what it is made of: field numbers of its published definition (onnx.proto of ONNX 1.17). */
export const TENSOR_MESSAGES = {
  Entry: { fields: { key: { type: 'string', id: 1 }, value: { type: 'string', id: 2 } } },
  Tensor: {
    fields: {
      lengths: { rule: 'repeated', type: 'int64', id: 1 },
      elementType: { type: 'int32', id: 2 },
      name: { type: 'string', id: 8 },
      raw: { type: 'bytes', id: 9 },
      external: { rule: 'repeated', type: 'Entry', id: 13 },
      location: { type: 'int32', id: 14 },
    },
  },
}
