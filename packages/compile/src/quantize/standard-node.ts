import type { OnnxNode } from '../graph/onnx-graph'

/** An operator of ONNX itself with one output. */
export const standardNode = (
  op: string,
  inputs: readonly string[],
  output: string,
  { attributes = {}, origin }: Partial<Pick<OnnxNode, 'attributes' | 'origin'>> = {},
): OnnxNode => ({ op, domain: '', inputs, outputs: [output], attributes, ...(origin && { origin }) })
