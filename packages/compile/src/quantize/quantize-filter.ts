import { zerosOf } from '../graph/element-types'
import type { Initializer, OnnxNode } from '../graph/onnx-graph'
import type { Levels } from '../graph/weight-type'
import type { Additions } from './additions'
import { standardNode } from './standard-node'
import { quantizeSymmetric } from './symmetric'

/** A convolution's weights as the graph has them. */
export interface Filter {
  /** `[channels, ...]` */
  weight: Initializer
  /** `[channels]` */
  bias?: Initializer
}

/** How a filter is brought to int8. */
export interface QuantizeFilterOptions {
  /** The step of the map it is applied to. */
  inputScale: number
  /** The bytes of the weights. */
  levels: Levels
}

/** A bias this far from int32's bounds cannot leave them by rounding. */
const MOST_BIAS = 2 ** 30

/** Stores a filter as bytes per channel and its bias as int32; the nodes make floats of them again. */
export function quantizeFilter(
  { weight, bias }: Filter,
  { inputScale, levels }: QuantizeFilterOptions,
  additions: Additions,
): { inputs: string[]; nodes: OnnxNode[] } {
  const shifts = bias?.data as Float32Array | undefined
  const { data, scales } = quantizeSymmetric(weight.data as Float32Array, weight.shape, {
    axis: 0,
    levels,
    leastScale: channel => Math.abs(shifts?.[channel] ?? 0) / (MOST_BIAS * inputScale),
  })
  const channels = [scales.length]
  const { storage } = levels
  const zeroPoints = (zerosOf(storage, scales.length) as Int8Array | Uint8Array).fill(levels.zeroPoint)
  const restored = additions.tensor(`${weight.name}_restored`, weight)
  const stored = [
    additions.constant(`${weight.name}_quantized`, storage, weight.shape, data),
    additions.constant(`${weight.name}_scale`, 'float32', channels, scales),
    additions.constant(`${weight.name}_zero_point`, storage, channels, zeroPoints),
  ]
  const attributes = { axis: 0 }
  const nodes = [standardNode('DequantizeLinear', stored, restored, { attributes })]
  if (!bias) return { inputs: [restored], nodes }

  // The integer sums are in steps of both scales; a bias in the same steps is added to them as it is.
  const steps = scales.map(scale => scale * inputScale)
  const rounded = Int32Array.from(shifts!, (shift, channel) => Math.round(shift / steps[channel]!))
  const restoredBias = additions.tensor(`${bias.name}_restored`, bias)
  const storedBias = [
    additions.constant(`${bias.name}_quantized`, 'int32', channels, rounded),
    additions.constant(`${bias.name}_scale`, 'float32', channels, steps),
  ]
  return {
    inputs: [restored, restoredBias],
    nodes: [...nodes, standardNode('DequantizeLinear', storedBias, restoredBias, { attributes })],
  }
}
