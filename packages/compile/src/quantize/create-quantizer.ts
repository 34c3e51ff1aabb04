import { InvalidArgumentError } from '@mafjs/tensor'
import type { OnnxGraph } from '../graph/onnx-graph'
import { type ChooseWeightType, typeFor, type WeightType } from '../graph/weight-type'
import type { Feed } from '../session/session'
import type { SessionOptions } from '../session/session-options'
import { findByteRegion } from './byte-region'
import { calibrate } from './calibrate'
import { chooseZeroPoint, type ZeroPointTimes } from './choose-zero-point'
import { foldBatchNorm } from './fold-batch-norm'
import { foldConstants } from './fold-constants'
import { measureSevenBits } from './measure-seven-bits'
import { measuredTensors, quantizeConvolutions } from './quantize-convolutions'
import { productsOf, quantizeProducts } from './quantize-products'
import { quantizeTables } from './quantize-tables'

/** What of a graph becomes int8. */
export interface QuantizerOptions {
  /**
   * Inputs of the graph that show which numbers the maps of its convolutions hold; without them convolutions stay
   * float. @default none
   */
  calibration?: readonly Readonly<Record<string, Feed>>[] | undefined
  /**
   * What zero is written as in signed weights of convolutions. With 0 ONNX Runtime takes its operator for symmetric
   * weights, with 1 its general one, which is the faster where the processor multiplies matrices of bytes by itself
   * (AMX). `'fastest'` times both on the first and the last sample. @default 'fastest'
   */
  weightZeroPoint?: 0 | 1 | 'fastest' | undefined
  /**
   * Columns of a weight below which its matrix product stays float: with fewer, bringing the other factor to int8 costs
   * as much as the product itself. @default 32
   */
  leastColumns?: number | undefined
  /** Rows of a table below which it stays float: there is nothing to save. @default 1024 */
  leastRows?: number | undefined
  /** How samples are run. */
  session?: SessionOptions | undefined
}

/** A quantised graph and what was done to it. */
export interface QuantizedGraph {
  graph: OnnxGraph
  /** How many operators of each kind became int8. */
  counts: { products: number; convolutions: number; tables: number }
  /** How many weights of products and convolutions are written in each type. */
  weights: Record<WeightType, number>
  /** What zero is written as in the weights of convolutions that are signed. */
  weightZeroPoint: 0 | 1
  /** What both ways to write it cost, where they were timed. */
  zeroPointTimes?: ZeroPointTimes
}

/** A graph whose ranges are known, ready to be written as int8 with one choice of bytes or another. */
export interface Quantizer {
  /** The weights of products and convolutions that become bytes, by name. */
  readonly weights: readonly string[]
  /** Writes the graph. @default weights of 7 bits */
  quantize(weights?: ChooseWeightType): QuantizedGraph
  /**
   * What 7 bits instead of float32 cost each weight on samples: the root mean square of what they change in its operator's
   * result, as a share of that result's own; without bytes for activations, so that weights alone are told apart.
   */
  measureSevenBits(samples: readonly Readonly<Record<string, Feed>>[]): Promise<Map<string, number>>
}

/**
 * Finds out what of a graph can become int8, and the ranges of its maps on samples, once for every way to write it.
 *
 * @throws InvalidArgumentError for a calibration without samples, or an unknown zero point.
 * @throws CompileError when the graph does not run on them.
 */
export async function createQuantizer(
  graph: OnnxGraph,
  { calibration, weightZeroPoint = 'fastest', leastColumns, leastRows, session }: QuantizerOptions = {},
): Promise<Quantizer> {
  if (![0, 1, 'fastest'].includes(weightZeroPoint)) {
    throw new InvalidArgumentError({
      argument: 'weightZeroPoint',
      rule: "must be 0, 1 or 'fastest'",
      received: weightZeroPoint,
    })
  }
  const plain = foldBatchNorm(await foldConstants(graph))
  const region = findByteRegion(plain)
  const convolutions = calibration ? region.convolutions : []
  const products = productsOf(plain, leastColumns)
  const weighted = [
    ...convolutions.map(node => ({ node, weight: node.inputs[1]!, axis: 0 })),
    ...products.map(({ node, weight, isTransposed }) => ({ node, weight, axis: isTransposed ? 0 : 1 })),
  ]
  const weights = [...new Set(weighted.map(({ weight }) => weight))]
  let convolved = (_: ChooseWeightType): OnnxGraph => plain
  let chosen: Pick<QuantizedGraph, 'weightZeroPoint' | 'zeroPointTimes'> = { weightZeroPoint: 0 }
  if (calibration && convolutions.length > 0) {
    const ranges = await calibrate(plain, measuredTensors(region), { samples: calibration, session })
    const withZero = (zero: 0 | 1, types: ChooseWeightType): OnnxGraph =>
      quantizeConvolutions(plain, { region, ranges, weights: types, weightZeroPoint: zero })
    if (weightZeroPoint === 'fastest') {
      const candidates = { zero: withZero(0, 'int7'), one: withZero(1, 'int7') }
      const samples = [...new Set([calibration[0]!, calibration.at(-1)!])]
      const { weightZeroPoint: best, times } = await chooseZeroPoint(candidates, region, { samples, session })
      chosen = { weightZeroPoint: best, zeroPointTimes: times }
    } else chosen = { weightZeroPoint }
    convolved = types => withZero(chosen.weightZeroPoint, types)
  }
  return {
    weights,
    quantize(types = 'int7') {
      const counted: Record<WeightType, number> = { int7: 0, uint8: 0, int8: 0 }
      for (const weight of weights) counted[typeFor(types, weight)] += 1
      const multiplied = quantizeProducts(convolved(types), { leastColumns, weights: types })
      const looked = quantizeTables(multiplied.graph, leastRows)
      return {
        graph: looked.graph,
        counts: {
          products: multiplied.count,
          convolutions: convolutions.length,
          tables: looked.count,
        },
        weights: counted,
        ...chosen,
      }
    },
    measureSevenBits: samples => measureSevenBits(plain, weighted, { samples, session }),
  }
}
