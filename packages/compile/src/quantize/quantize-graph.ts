import type { OnnxGraph } from '../graph/onnx-graph'
import type { Feed } from '../session/session'
import type { SessionOptions } from '../session/session-options'
import { findByteRegion } from './byte-region'
import { calibrate } from './calibrate'
import { chooseZeroPoint, type ZeroPointTimes } from './choose-zero-point'
import { foldBatchNorm } from './fold-batch-norm'
import { foldConstants } from './fold-constants'
import { measuredTensors, quantizeConvolutions } from './quantize-convolutions'
import { quantizeProducts } from './quantize-products'
import { quantizeTables } from './quantize-tables'

/** What of a graph becomes int8, and how. */
export interface QuantizeGraphOptions {
  /**
   * Inputs of the graph that show which numbers the maps of its convolutions hold; without them convolutions stay
   * float. @default none
   */
  calibration?: readonly Readonly<Record<string, Feed>>[]
  /**
   * What zero is written as in the weights of convolutions. With 0 ONNX Runtime takes its operator for symmetric
   * weights, with 1 its general one, which is the faster where the processor multiplies matrices of bytes by itself
   * (AMX). `'fastest'` times both on the first and the last sample. @default 'fastest'
   */
  weightZeroPoint?: 0 | 1 | 'fastest'
  /**
   * Columns of a weight below which its matrix product stays float: with fewer, bringing the other factor to int8 costs
   * as much as the product itself. @default 32
   */
  leastColumns?: number
  /** Rows of a table below which it stays float: there is nothing to save. @default 1024 */
  leastRows?: number
  /** How samples are run. */
  session?: SessionOptions
}

/** A quantised graph and what was done to it. */
export interface QuantizedGraph {
  graph: OnnxGraph
  /** How many operators of each kind became int8. */
  counts: { products: number; convolutions: number; tables: number }
  /** What zero is written as in the weights of convolutions. */
  weightZeroPoint: 0 | 1
  /** What both ways to write it cost, where they were timed. */
  zeroPointTimes?: ZeroPointTimes
}

/**
 * Brings a graph to int8: matrix products with constant weights, tables of embeddings, and, given samples,
 * convolutions with what lies between them. The rest stays float.
 *
 * @throws InvalidArgumentError for a calibration without samples, or an unknown zero point.
 * @throws CompileError when the graph does not run on them.
 */
export async function quantizeGraph(
  graph: OnnxGraph,
  { calibration, weightZeroPoint = 'fastest', leastColumns, leastRows, session }: QuantizeGraphOptions = {},
): Promise<QuantizedGraph> {
  const plain = foldBatchNorm(await foldConstants(graph))
  const region = findByteRegion(plain)
  let convolved = plain
  let chosen: Pick<QuantizedGraph, 'weightZeroPoint' | 'zeroPointTimes'> = { weightZeroPoint: 0 }
  if (calibration && region.convolutions.length > 0) {
    const ranges = await calibrate(plain, measuredTensors(region), { samples: calibration, session })
    const withZero = (zero: 0 | 1): OnnxGraph =>
      quantizeConvolutions(plain, { region, ranges, weightZeroPoint: zero })
    if (weightZeroPoint === 'fastest') {
      const candidates = { zero: withZero(0), one: withZero(1) }
      const samples = [...new Set([calibration[0]!, calibration.at(-1)!])]
      const { weightZeroPoint: best, times } = await chooseZeroPoint(candidates, region, { samples, session })
      chosen = { weightZeroPoint: best, zeroPointTimes: times }
      convolved = best === 1 ? candidates.one : candidates.zero
    } else {
      chosen = { weightZeroPoint }
      convolved = withZero(weightZeroPoint)
    }
  }
  const multiplied = quantizeProducts(convolved, { leastColumns })
  const looked = quantizeTables(multiplied.graph, leastRows)
  const convolutions = calibration ? region.convolutions.length : 0
  return {
    graph: looked.graph,
    counts: { products: multiplied.count, convolutions, tables: looked.count },
    ...chosen,
  }
}
