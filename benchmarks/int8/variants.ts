import {
  EXACT_BYTES,
  encodeModel,
  type Initializer,
  type OnnxGraph,
  type OnnxNode,
  type TensorSpec,
  type WeightType,
} from '@mafjs/compile'
import { InferenceSession } from 'onnxruntime-node'

/** One way to compute a product of bytes; `exact`: whether the session has the option for exact products. */
export interface Variant {
  name: string
  weights: WeightType
  exact: boolean
}

/** All ways that are compared; what a session of ours takes is `int8` with the option where the probe says that it needs it. */
export const VARIANTS: readonly Variant[] = [
  { name: '7 bits', weights: 'int7', exact: false },
  { name: '7 bits, option', weights: 'int7', exact: true },
  { name: 'u8u8', weights: 'uint8', exact: false },
  { name: '8 bits', weights: 'int8', exact: false },
  { name: '8 bits, option', weights: 'int8', exact: true },
]

/** A graph of one operator, of an input `x` and of constants. */
export function oneNodeGraph(
  { op, attributes }: Pick<OnnxNode, 'op' | 'attributes'>,
  [x, y]: readonly [TensorSpec, TensorSpec],
  initializers: Initializer[],
): OnnxGraph {
  const inputs = [x, ...initializers].map(({ name }) => name)
  return {
    nodes: [{ op, domain: '', inputs, outputs: [y.name], attributes }],
    inputs: [x],
    outputs: [y],
    initializers,
    tensors: new Map([x, y, ...initializers].map(spec => [spec.name, spec])),
  }
}

/** A session as any program makes it, on one thread, with the option or without. */
export const plainSession = (graph: OnnxGraph, exact: boolean): Promise<InferenceSession> =>
  InferenceSession.create(encodeModel(graph), {
    ...{ intraOpNumThreads: 1, logSeverityLevel: 4 },
    ...(exact && { extra: EXACT_BYTES }),
  })
