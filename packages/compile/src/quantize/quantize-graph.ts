import type { OnnxGraph } from '../graph/onnx-graph'
import type { ChooseWeightType } from '../graph/weight-type'
import { createQuantizer, type QuantizedGraph, type QuantizerOptions } from './create-quantizer'

/** What of a graph becomes int8, and how. */
export interface QuantizeGraphOptions extends QuantizerOptions {
  /** The bytes of the weights of products and convolutions, for all or for each by its name. @default 'int7' */
  weights?: ChooseWeightType | undefined
}

/**
 * Brings a graph to int8: matrix products with constant weights, tables of embeddings, and, given samples,
 * convolutions with what lies between them. The rest stays float. Weights have 7 bits unless others are asked for: those
 * are right on every processor and in every runtime.
 *
 * @throws InvalidArgumentError for a calibration without samples, an unknown zero point or type.
 * @throws CompileError when the graph does not run on them.
 */
export async function quantizeGraph(
  graph: OnnxGraph,
  { weights, ...options }: QuantizeGraphOptions = {},
): Promise<QuantizedGraph> {
  const quantizer = await createQuantizer(graph, options)
  return quantizer.quantize(weights)
}
